export class SetUpError extends Error {}
export function setUp(say?: (line: string) => void): Promise<Array<'install' | 'build'>>;
export function compile(project: string, outDir: string): Promise<void>;

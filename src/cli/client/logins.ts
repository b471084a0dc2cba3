import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

const loginForm = z.object({
  tokenEndpoint: z.string(),
  clientId: z.string(),
  accessToken: z.string(),
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  expiresAt: z.number(),
  refreshToken: z.string().nullable(),
});
const loginsForm = z.record(z.string(), loginForm);

/** A sign-in that is still good, or can be made good again without anybody's doing. */
export type Login = z.output<typeof loginForm>;

/** Sign-ins by address of the API. */
export interface Logins {
  find(address: string): Promise<Login | undefined>;
  keep(address: string, login: Login | undefined): Promise<void>;
}

/** Sign-ins in a file that only its owner reads. One that cannot be read has none. */
export function createLoginFile(path: string): Logins {
  const all = async (): Promise<Record<string, Login>> => {
    try {
      return loginsForm.parse(JSON.parse(await readFile(path, 'utf8')));
    } catch {
      return {};
    }
  };

  return {
    find: async (address) => (await all())[address],
    keep: async (address, login) => {
      const { [address]: _before, ...others } = await all();
      const logins = login === undefined ? others : { ...others, [address]: login };
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      // Renamed into place, so that nobody ever reads half of it, nor with wider rights.
      await writeFile(`${path}.${process.pid}`, JSON.stringify(logins, null, 2), { mode: 0o600 });
      await rename(`${path}.${process.pid}`, path);
    },
  };
}

/** The journey did not go as its file says; every line says what was expected and what was found. */
export class JourneyFailed extends Error {
  override readonly name = 'JourneyFailed';
  readonly lines: readonly string[];
  constructor(...lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

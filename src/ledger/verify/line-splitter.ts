const NEWLINE = 0x0a;

/** Told of a line, `bytes[from, to)`, behind which a newline is; or that one was longer than is allowed. */
export interface LineSink {
  line(bytes: Buffer, from: number, to: number): void;
  tooLong(): void;
  /** Nothing more is wanted. */
  readonly done: boolean;
}

/** Cuts chunks into lines. Holds at most one line, and of one that is too long no more than the limit. */
export class LineSplitter {
  readonly #sink: LineSink;
  readonly #longest: number;
  #begun: Buffer[] = [];
  #length = 0;

  constructor(sink: LineSink, longest: number) {
    this.#sink = sink;
    this.#longest = longest;
  }

  /** Whether a line has begun that has not ended. */
  get inLine(): boolean {
    return this.#length > 0;
  }

  write(chunk: Buffer): void {
    let from = 0;
    while (!this.#sink.done) {
      const to = chunk.indexOf(NEWLINE, from);
      if (to < 0) {
        this.#keep(chunk.subarray(from));
        return;
      }
      if (this.#length === 0 && to - from <= this.#longest) this.#sink.line(chunk, from, to);
      else this.#endKept(chunk.subarray(from, to + 1));
      from = to + 1;
    }
  }

  #keep(part: Buffer): void {
    if (this.#isTooLong(this.#length + part.length)) this.#begun = [];
    // The chunk's memory is the caller's, who may use it again.
    else if (part.length > 0) this.#begun.push(Buffer.from(part));
    this.#length += part.length;
  }

  #endKept(rest: Buffer): void {
    const length = this.#length + rest.length - 1;
    if (!this.#isTooLong(length)) this.#sink.line(Buffer.concat([...this.#begun, rest]), 0, length);
    this.#begun = [];
    this.#length = 0;
  }

  /** Told at once and once: who is sent a line without an end learns of it before the bytes end. */
  #isTooLong(length: number): boolean {
    if (length <= this.#longest) return false;
    if (this.#length <= this.#longest) this.#sink.tooLong();
    return true;
  }
}

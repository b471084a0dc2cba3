import type { Logger } from 'pino';
import { LineFile } from './line-file.js';
import { lockForWriting, type WriterLock } from './writer-lock.js';

/** What the owner of a JSON-lines file keeps in memory about it. */
export interface Replay {
  /** Forget everything: the file is read anew. */
  reset(): void;
  /** One line of the file, oldest first. Throws where it is nothing the owner ever writes. */
  line(line: string): void;
}

interface Waiting {
  readonly text: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * An append-only file of lines with one writer, and the memory its owner keeps of it.
 *
 * Group commit: appends that arrive while a sync runs share the next write and sync. Order is the order
 * of the calls. Failure: the file is closed and everything not yet synced is rejected and taken back;
 * the next append opens it again and replays it, so memory never holds what the file does not, and a
 * disk or folder that comes back is found without a restart. The folder must exist: one that was moved
 * away is an error, because a new one in its place would begin a second, empty past.
 */
export class JsonLines {
  readonly #path: string;
  readonly #replay: Replay;
  readonly #log: Pick<Logger, 'warn'>;
  #lock: WriterLock | undefined;
  #opening: Promise<LineFile> | undefined;
  /** Settles when the file that failed last is closed. */
  #abandoned: Promise<void> = Promise.resolve();
  #waiting: Waiting[] = [];
  #draining: Promise<void> | undefined;
  #closed = false;

  constructor(path: string, replay: Replay, log: Pick<Logger, 'warn'>) {
    this.#path = path;
    this.#replay = replay;
    this.#log = log;
  }

  /**
   * Resolves when the lines that `stage` returns are on disk, and with them all lines staged earlier.
   * `stage` runs when memory is up to date, at once before its lines are queued, and updates that memory;
   * what it throws rejects this call alone. No lines: waits for those staged earlier.
   * Throws `FileLocked`, and what node:fs throws.
   */
  async append(stage: () => readonly string[]): Promise<void> {
    for (;;) {
      if (this.#closed) throw new Error(`${this.#path} was closed`);
      this.#opening ??= this.#open();
      const opening = this.#opening;
      const file = await opening;
      if (this.#opening !== opening) continue;
      const lines = stage();
      return new Promise((resolve, reject) => {
        this.#waiting.push({ text: lines.map((line) => `${line}\n`).join(''), resolve, reject });
        this.#draining ??= this.#drain(file);
      });
    }
  }

  /** Waits for what is queued, closes the file and gives the lock back. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#draining;
    const opening = this.#opening;
    this.#opening = undefined;
    await opening?.then((file) => file.close()).catch(() => undefined);
    await this.#abandoned;
    await this.#lock?.release().catch((error: unknown) => {
      this.#log.warn({ file: this.#path, error }, 'left a writer lock behind; the next writer takes it over');
    });
    this.#lock = undefined;
  }

  async #open(): Promise<LineFile> {
    try {
      await this.#abandoned;
      if (!(await this.#lock?.held())) this.#lock = await lockForWriting(this.#path);
      this.#replay.reset();
      return await LineFile.open(this.#path, this.#log, (line, position) => this.#read(line, position));
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }

  #read(line: string, position: number): void {
    try {
      this.#replay.line(line);
    } catch (cause) {
      const where = `${this.#path}, byte ${position}: not a line that was written there`;
      throw new Error(`${where}. Restore the file, or move it away together with all that it belongs to`, {
        cause,
      });
    }
  }

  async #drain(file: LineFile): Promise<void> {
    let batch: Waiting[] = [];
    // Appends of the same turn join the first batch.
    await Promise.resolve();
    try {
      while (this.#waiting.length > 0) {
        batch = this.#waiting;
        this.#waiting = [];
        const text = batch.map((waiting) => waiting.text).join('');
        if (text !== '') await file.write(text);
        for (const waiting of batch) waiting.resolve();
      }
    } catch (error) {
      this.#opening = undefined;
      this.#abandoned = file.abandon();
      for (const waiting of [...batch, ...this.#waiting]) waiting.reject(error);
      this.#waiting = [];
    } finally {
      this.#draining = undefined;
    }
  }
}

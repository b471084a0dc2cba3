/** Prints a journey as it happens, every line marked with whose it is, since two may run at once. */

import type { Entry, View } from '../client/lifecycles.js';
import { dueTime } from '../terminal/instants.js';
import type { Terminal } from '../terminal/terminal.js';
import { eventLine, verdictLines } from './entry-lines.js';

const NAME_WIDTH = 9;

export class Narrator {
  readonly #terminal: Terminal;
  readonly #mark: string;

  constructor(terminal: Terminal, key: string, width: number) {
    this.#terminal = terminal;
    this.#mark = terminal.paint.name(key.padEnd(width));
  }

  chapter(text: string): void {
    this.line('');
    this.line(this.#terminal.paint.bold(text));
  }

  line(text: string): void {
    this.#terminal.out(`${this.#mark} │ ${text}`.trimEnd());
  }

  /** Somebody does something. */
  act(person: string, what: string): void {
    this.line(`  ${this.#terminal.paint.bold(person.padEnd(NAME_WIDTH))} ${what}`);
  }

  /** A refusal that belongs to the story. */
  refused(code: string, why: string): void {
    this.line(`  ${' '.repeat(NAME_WIDTH)} ${this.#terminal.paint.warn(`refused (${code}):`)} ${why}`);
  }

  skipped(what: string, why: string): void {
    this.line(this.#terminal.paint.dim(`  skipped    ${what}: ${why}`));
  }

  /** What the lifecycle waits for, and until when. */
  waits(condition: string, { waitingOn }: View, now: number): void {
    const [first] = waitingOn;
    const what = first === undefined ? '' : ` (now ${first.who}: ${first.what}${until(first.due, now)})`;
    this.line(this.#terminal.paint.dim(`  until ${condition}${what}`));
  }

  /** What the ledger has recorded, as it arrives there. */
  event(entry: Entry): void {
    const { dim } = this.#terminal.paint;
    this.line(dim(`    · ${eventLine(entry)}`));
    for (const verdict of verdictLines(entry)) this.line(dim(`        ${verdict}`));
  }

  good(text: string): void {
    this.line(this.#terminal.paint.good(text));
  }

  bad(text: string): void {
    this.line(this.#terminal.paint.bad(text));
  }
}

const until = (due: number | null, now: number): string => (due === null ? '' : `, due ${dueTime(due, now)}`);

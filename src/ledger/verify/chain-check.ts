import { hash } from 'node:crypto';
import type { LineOf } from '../bundle/format.js';
import { genesisOf, SERVICE_CHAIN } from '../chain.js';
import type { CheckName, FindingPlace, Findings } from './checks.js';
import type { EntryFacts, EntryReader } from './entry-reader.js';
import type { IdsSeen } from './ids-seen.js';
import { type BrokenLink, diagnose } from './link-break.js';

const LIFECYCLE = 'lifecycle/';
const REVIEW = 'review/';
const HEX = /^[0-9a-f]{64}$/;
/** An entry line is `["`, 64 hex digits, `",`, the body, `]`. */
const BODY_AT = 68;
const BEFORE = 32;

/** What a checkpoint sealed of a chain. */
export interface Sealed {
  readonly checkpoint: number;
  readonly position: number;
  readonly hash: string;
}

export interface ChainCheckOptions {
  readonly findings: Findings;
  readonly reader: EntryReader;
  readonly ids: IdsSeen;
}

/** Follows one chain from its first entry to its last. */
export class ChainCheck {
  readonly chain: string;
  position = 0;
  /** The last position that a checkpoint sealed. */
  sealedTo = 0;

  readonly #head: LineOf<'chain'>;
  readonly #headLine: number;
  readonly #findings: Findings;
  readonly #reader: EntryReader;
  readonly #ids: IdsSeen;
  readonly #strict: boolean;
  /** Null: the service's. */
  readonly #lifecycle: string | null;
  readonly #sealed: Sealed[] = [];
  #nextSealed = 0;
  #hash: string;
  #seq = 0;
  #lastLine: number;
  #broken: BrokenLink | undefined;
  /** Edited, or the entry before it is missing: the number of entries will tell. */
  #suspect: { readonly place: FindingPlace; readonly message: string } | undefined;

  constructor(head: LineOf<'chain'>, line: number, { findings, reader, ids }: ChainCheckOptions) {
    this.chain = head.chain;
    this.#head = head;
    this.#headLine = this.#lastLine = line;
    this.#findings = findings;
    this.#reader = reader;
    this.#ids = ids;
    this.#strict = findings.isOn('canonical');
    this.#lifecycle = head.chain.startsWith(LIFECYCLE) ? head.chain.slice(LIFECYCLE.length) : null;
    this.#hash = genesisOf(head.chain).toString('hex');
    if (this.#lifecycle === null && head.chain !== SERVICE_CHAIN) {
      this.#add('line-form', line, 'not a chain: neither "service" nor "lifecycle/" and a key');
    }
  }

  /** What a checkpoint sealed, before the entries and in ascending order of positions. */
  seal(sealed: Sealed): void {
    this.#sealed.push(sealed);
    this.sealedTo = Math.max(this.sealedTo, sealed.position);
  }

  /** One entry line, `bytes[from, to)`. Its bytes are used up by it. */
  entry(bytes: Buffer, from: number, to: number, line: number): void {
    this.#lastLine = line;
    this.position++;
    const body = from + BODY_AT;
    const end = to - 1;
    const claimed = bytes.toString('latin1', from + 2, from + BODY_AT - 2);
    if (!isEntryLine(bytes, from, to)) return this.#notAnEntry(line);
    // One piece of memory to hash, without a copy: the hash before goes where the line's own was, which is read.
    bytes.write(this.#hash, body - BEFORE, 'hex');
    const follows = hash('sha256', bytes.subarray(body - BEFORE, end), 'hex') === claimed;
    if (!follows && !HEX.test(claimed)) return this.#notAnEntry(line);
    const expected = this.#seq + 1;
    const reader = this.#reader;
    const lifecycle = this.#lifecycle;
    const plain = lifecycle !== null && reader.isEvent(bytes, body, end, lifecycle, expected);
    const seq = plain ? expected : this.#facts(bytes, body, end, line);
    if (seq !== null) this.#seq = seq;
    if (this.#strict) reader.checkCanonical(bytes, body, end, this.#place(line));
    if (follows && this.#broken === undefined) this.#hash = claimed;
    else {
      const copy = Buffer.from(bytes.subarray(body, end));
      this.#link({ line, position: this.position, before: this.#hash, claimed, body: copy, seq, expected });
    }
    this.#checkSealed(claimed, line);
  }

  /** After the last entry. */
  end(): void {
    if (this.#broken !== undefined) this.#settle(this.#broken, undefined);
    const { entries, hash: last } = this.#head;
    if (this.#suspect !== undefined) {
      const { place, message } = this.#suspect;
      const deleted =
        this.position < entries ? 'deleted: what came before this entry is missing; or it was ' : '';
      this.#findings.add('link', place, `${deleted}${message}`);
    }
    if (this.position !== entries) {
      const what = this.position < entries ? 'truncated' : 'extended';
      const message = `${what}: the chain’s head is at ${entries}, its last entry at ${this.position}`;
      this.#add('head-entries', this.#lastLine, message);
    } else if (this.#hash !== last) {
      const message = `rewritten: the last entry has the hash ${this.#hash}, the chain’s head ${last}`;
      this.#add('head-hash', this.#lastLine, message);
    }
    const ahead = this.#sealed[this.#nextSealed];
    if (ahead !== undefined && ahead.position > this.position) {
      const { checkpoint, position } = ahead;
      const message = `truncated: checkpoint ${checkpoint} sealed ${position} entries, there are ${this.position}`;
      this.#add('sealed-ahead', this.#lastLine, message);
    }
  }

  /** An entry that does not follow, or comes behind one that did not: then both tell what was done. */
  #link(here: BrokenLink): void {
    if (this.#broken === undefined) {
      this.#broken = here;
      this.#hash = here.claimed;
    } else {
      this.#hash = this.#settle(this.#broken, here);
      this.#broken = undefined;
    }
  }

  #settle(broken: BrokenLink, next: BrokenLink | undefined): string {
    const { message, goOnFrom } = diagnose(broken, next);
    const place = { line: broken.line, chain: this.chain, position: broken.position };
    if (message.startsWith('edited: its') && this.#suspect === undefined) this.#suspect = { place, message };
    else this.#findings.add('link', place, message);
    return goOnFrom;
  }

  /** Event number of an entry that is not plainly the next event; null where it has none. */
  #facts(bytes: Buffer, from: number, to: number, line: number): number | null {
    const entry = this.#reader.read(bytes, from, to, this.#place(line));
    if (entry === undefined) return null;
    const { lifecycle, seq } = entry;
    if (lifecycle !== this.#lifecycle) {
      const whose = lifecycle === null ? 'the service' : `lifecycle ${lifecycle}`;
      this.#add('entry-chain', line, `inserted: the entry is of ${whose}`);
    }
    this.#checkId(entry, line);
    if (seq !== null && seq !== this.#seq + 1) {
      this.#add('sequence', line, `event ${seq} stands where ${this.#seq + 1} belongs`);
    }
    return seq;
  }

  #checkId({ id, seq, lifecycle, kind }: EntryFacts, line: number): void {
    const ofItem = id.startsWith(`${REVIEW}${lifecycle}/`);
    if (kind === 'item' ? !ofItem : id.startsWith(REVIEW)) {
      const whose = kind === 'item' ? 'not that of an item of its lifecycle' : 'an item’s, which this is not';
      this.#add('entry-id', line, `the id ${id} is ${whose}`);
    }
    if (seq === null && !id.startsWith(LIFECYCLE)) {
      if (!this.#ids.add(id)) this.#add('unique-id', line, `doubled: an entry with the id ${id} came before`);
    } else if (seq === null || id !== `${LIFECYCLE}${lifecycle}/${seq}`) {
      const whose =
        seq === null ? 'an event’s, which this is not' : `not that of event ${seq} of its lifecycle`;
      this.#add('entry-id', line, `the id ${id} is ${whose}`);
    }
  }

  #checkSealed(claimed: string, line: number): void {
    for (;;) {
      const sealed = this.#sealed[this.#nextSealed];
      if (sealed === undefined || sealed.position > this.position) return;
      this.#nextSealed++;
      if (sealed.position !== this.position || sealed.hash === claimed) continue;
      const message = `rewritten: checkpoint ${sealed.checkpoint} sealed ${sealed.hash} here, the chain has ${claimed}`;
      this.#add('sealed', line, message);
    }
  }

  #notAnEntry(line: number): void {
    this.#add('line-form', line, 'not an entry line: ["<64 hex digits>",{…}]');
  }

  #place(line: number): FindingPlace {
    return { line, chain: this.chain, position: line === this.#headLine ? null : this.position };
  }

  #add(check: CheckName, line: number, message: string): void {
    this.#findings.add(check, this.#place(line), message);
  }
}

function isEntryLine(bytes: Buffer, from: number, to: number): boolean {
  return (
    to - from > BODY_AT + 2 &&
    bytes[from + 1] === 0x22 &&
    bytes[from + BODY_AT - 2] === 0x22 &&
    bytes[from + BODY_AT - 1] === 0x2c &&
    bytes[to - 1] === 0x5d
  );
}

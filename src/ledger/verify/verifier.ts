/** The verifier as a function of chunks of bytes: no input or output, any bytes, memory that does not grow with them. */
import { digestOf } from '../../domain/digest.js';
import type { Json } from '../../domain/json.js';
import {
  BUNDLE_FORMAT,
  LINE_FORMS,
  type Line,
  type LineOf,
  type LineType,
  LONGEST_LINE,
} from '../bundle/format.js';
import { ChainCheck } from './chain-check.js';
import type { SignedCheckpoint } from './checkpoint.js';
import { CHECK_NAMES, type CheckName, type Finding, Findings } from './checks.js';
import { EntryReader, said } from './entry-reader.js';
import { IdsSeen } from './ids-seen.js';
import { JsonScan } from './json-scan.js';
import { readJson } from './json-text.js';
import { LineSplitter } from './line-splitter.js';
import { type KeySeen, SealCheck } from './seal-check.js';

export interface VerifierOptions {
  /** Raw Ed25519 public keys to trust; absent: those in the bundle, which then vouches for itself. */
  readonly keys?: readonly Uint8Array[] | undefined;
  /** Checkpoints as a witness holds them. */
  readonly witnessed?: readonly SignedCheckpoint[] | undefined;
  /** Also what takes several times as long: that every entry is in its RFC 8785 form. */
  readonly strict?: boolean | undefined;
  /** All, but for tests of what each is good for. */
  readonly checks?: readonly CheckName[] | undefined;
}

/** How far the verifier is. */
export interface Progress {
  readonly bytes: number;
  readonly lines: number;
  readonly chains: number;
  readonly entries: number;
}

export interface Verdict extends Progress {
  readonly ok: boolean;
  /** By line; the first is the first bad row. */
  readonly findings: readonly Finding[];
  /** There were too many findings, or it is no bundle: the rest was not read. */
  readonly gaveUp: boolean;
  /** Key of the only lifecycle in the bundle; null: it is of the whole ledger. */
  readonly lifecycle: string | null;
  readonly documents: number;
  /** Of the documents: those that are encrypted, of which nothing can be checked. */
  readonly encrypted: number;
  readonly checkpoints: number;
  /** Entries that no checkpoint has sealed yet: hashes alone vouch for them. */
  readonly unsealed: number;
  readonly lastCheckpoint: { readonly number: number; readonly at: number } | null;
  readonly keys: readonly KeySeen[];
  /** Whether the keys were given; else they are those of the bundle. */
  readonly keysTrusted: boolean;
}

const ENTRY = 0x5b;
const RANK: { readonly [T in LineType]: number } = {
  header: 0,
  key: 1,
  checkpoint: 2,
  chain: 3,
  leaf: 3,
  proof: 3,
  document: 4,
  end: 5,
};

/** Takes a bundle in chunks, whose bytes it uses up; then tells the verdict. Never throws. */
export class Verifier {
  readonly #findings: Findings;
  readonly #splitter: LineSplitter;
  readonly #scan = new JsonScan();
  readonly #reader: EntryReader;
  readonly #ids = new IdsSeen();
  readonly #seals: SealCheck;
  readonly #keysTrusted: boolean;
  #header: LineOf<'header'> | undefined;
  #chain: ChainCheck | undefined;
  /** Rank of the last line, and the name of the last chain. */
  #rank = 0;
  #lastChain = Buffer.alloc(0);
  #ended = false;
  #unreadable = false;
  #bytes = 0;
  #lines = 0;
  #chains = 0;
  #entries = 0;
  #documents = 0;
  #encrypted = 0;
  #unsealed = 0;

  constructor({ keys, witnessed = [], strict = false, checks = CHECK_NAMES }: VerifierOptions = {}) {
    this.#findings = new Findings(checks.filter((check) => strict || check !== 'canonical'));
    this.#keysTrusted = keys !== undefined;
    this.#seals = new SealCheck(this.#findings, keys, witnessed);
    this.#reader = new EntryReader(this.#scan, this.#findings);
    const longest = this.#findings.isOn('line-length') ? LONGEST_LINE : Number.MAX_SAFE_INTEGER;
    const isDone = (): boolean => this.done;
    this.#splitter = new LineSplitter(
      {
        line: (bytes, from, to) => this.#line(bytes, from, to),
        tooLong: () => this.#tooLong(),
        get done() {
          return isDone();
        },
      },
      longest,
    );
  }

  /** Whether it is no use to go on. */
  get done(): boolean {
    return this.#unreadable || this.#findings.full;
  }

  get progress(): Progress {
    return { bytes: this.#bytes, lines: this.#lines, chains: this.#chains, entries: this.#entries };
  }

  /** The next bytes, wherever they begin and end. They are overwritten. */
  write(chunk: Buffer): void {
    this.#bytes += chunk.length;
    this.#splitter.write(chunk);
  }

  /** After the last chunk. `broken`: why there are no more, where that was not the end. */
  end(broken?: string): Verdict {
    const last = this.#lines + 1;
    if (!this.done) {
      this.#endChain();
      this.#seals.end(this.#header?.lifecycle === null, last);
      const cut = this.#splitter.inLine
        ? 'cut short: the last line is not whole'
        : 'cut short: there is no end line';
      if (this.#header === undefined) {
        this.#findings.add('header', { line: 1 }, broken ?? 'not a bundle: there is no whole line in it');
      } else if (!this.#ended || this.#splitter.inLine) {
        this.#findings.add('end', { line: last }, broken ?? cut);
      }
    }
    const findings = this.#findings.inOrder();
    const sealed = this.#seals.last?.checkpoint;
    return {
      ok: findings.length === 0,
      findings,
      gaveUp: this.done,
      ...this.progress,
      lifecycle: this.#header?.lifecycle ?? null,
      documents: this.#documents,
      encrypted: this.#encrypted,
      checkpoints: this.#seals.count,
      unsealed: this.#unsealed,
      lastCheckpoint: sealed === undefined ? null : { number: sealed.number, at: sealed.at },
      keys: this.#seals.keys,
      keysTrusted: this.#keysTrusted,
    };
  }

  #tooLong(): void {
    this.#lines++;
    this.#add('line-length', `longer than ${LONGEST_LINE} bytes`);
    if (this.#lines === 1) this.#noBundle();
  }

  #line(bytes: Buffer, from: number, to: number): void {
    this.#lines++;
    if (bytes[from] !== ENTRY || this.#header === undefined) {
      const line = this.#read(bytes, from, to);
      if (this.#lines === 1) this.#begin(line);
      else if (line !== undefined) this.#take(line);
    } else if (this.#chain === undefined) {
      this.#add('order', 'an entry stands outside a chain');
    } else {
      this.#entries++;
      this.#chain.entry(bytes, from, to, this.#lines);
    }
  }

  #read(bytes: Buffer, from: number, to: number): Line | undefined {
    const read = readJson(bytes, from, to, this.#scan);
    if ('wrong' in read) {
      this.#add('line-form', `the line ${read.wrong}`);
      return undefined;
    }
    if (read.duplicates) this.#add('duplicate-keys', 'an object in the line has a key twice');
    const type = typeOf(read.value);
    if (type === undefined) {
      this.#add('line-form', 'the line is of no known type');
      return undefined;
    }
    const line = LINE_FORMS[type].safeParse(read.value);
    if (!line.success) this.#add('line-form', `not a ${type} line: ${said(line.error)}`);
    return line.data;
  }

  #begin(line: Line | undefined): void {
    if (line?.type !== 'header') {
      this.#add('header', 'not a bundle: the first line is no header');
      this.#noBundle();
    } else if (line.format !== BUNDLE_FORMAT && this.#findings.isOn('header')) {
      this.#add('header', `unknown format ${line.format.slice(0, 60)}: this verifier knows ${BUNDLE_FORMAT}`);
      this.#noBundle();
    } else this.#header = line;
  }

  #noBundle(): void {
    this.#unreadable = true;
  }

  #take(line: Line): void {
    const { type } = line;
    if (RANK[type] < this.#rank || type === 'header' || this.#ended) {
      this.#add('order', this.#ended ? 'a line stands behind the end' : `a ${type} line stands too late`);
      if (this.#findings.isOn('order')) return;
    }
    this.#rank = RANK[type];
    if (type !== 'leaf' && type !== 'proof') this.#endChain();
    switch (type) {
      case 'header':
        return;
      case 'key':
        return this.#seals.key(line, this.#lines);
      case 'checkpoint':
        return this.#seals.checkpoint(line, this.#lines);
      case 'chain':
        return this.#beginChain(line);
      case 'leaf':
      case 'proof':
        return this.#sealed(line);
      case 'document':
        return this.#document(line);
      case 'end':
        this.#ended = true;
        if (line.lines !== this.#lines - 1) {
          this.#add(
            'line-count',
            `${line.lines} lines were written before this one, ${this.#lines - 1} are here`,
          );
        }
        return;
      default: {
        const never: never = type;
        return never;
      }
    }
  }

  #beginChain(line: LineOf<'chain'>): void {
    const { chain } = line;
    const name = Buffer.from(chain);
    const order = Buffer.compare(name, this.#lastChain);
    const only = this.#header?.lifecycle ?? null;
    const place = { line: this.#lines, chain };
    if (order === 0) this.#findings.add('chain-fork', place, 'forked: a chain of this name came before');
    if (order < 0) this.#findings.add('chain-order', place, 'stands behind a chain that comes after it');
    if (only !== null && chain !== `lifecycle/${only}`) {
      this.#findings.add('order', place, `the bundle is of lifecycle ${only} only`);
    }
    this.#lastChain = name;
    this.#chains++;
    const options = { findings: this.#findings, reader: this.#reader, ids: this.#ids };
    this.#chain = new ChainCheck(line, this.#lines, options);
  }

  #sealed(line: LineOf<'leaf'> | LineOf<'proof'>): void {
    const whole = this.#header?.lifecycle === null;
    if (this.#chain === undefined || this.#chain.position > 0 || whole !== (line.type === 'leaf')) {
      this.#add('order', `a ${line.type} line has no place here`);
    } else if (line.type === 'leaf') this.#seals.leaf(line, this.#chain, this.#lines);
    else this.#seals.proof(line, this.#chain, this.#lines);
  }

  #endChain(): void {
    const chain = this.#chain;
    if (chain === undefined) return;
    chain.end();
    this.#seals.endOfChain(chain, this.#lines);
    this.#unsealed += Math.max(0, chain.position - chain.sealedTo);
    this.#chain = undefined;
  }

  #document(line: LineOf<'document'>): void {
    this.#documents++;
    if (!('document' in line)) {
      this.#encrypted++;
      return;
    }
    const digest = safeDigestOf(line.document as Json);
    if (digest === line.digest) return;
    this.#add('document-digest', `edited: the document under ${line.digest} has the digest ${digest}`);
  }

  #add(check: CheckName, message: string): void {
    this.#findings.add(check, { line: this.#lines }, message);
  }
}

function typeOf(value: unknown): LineType | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  const { type } = value;
  return typeof type === 'string' && Object.hasOwn(LINE_FORMS, type) ? (type as LineType) : undefined;
}

/** Of a document that has no canonical form, or is nested too deeply to have it written, words instead. */
function safeDigestOf(document: Json): string {
  try {
    return digestOf(document);
  } catch {
    return 'of nothing';
  }
}

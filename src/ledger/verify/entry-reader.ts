import { z } from 'zod';
import { canonicalForm } from '../../domain/digest.js';
import type { Json } from '../../domain/json.js';
import type { LedgerEntry } from '../../ports/ledger.js';
import type { FindingPlace, Findings } from './checks.js';
import type { JsonScan } from './json-scan.js';
import { readJson } from './json-text.js';

const entryForm = z
  .strictObject({
    id: z.string().min(1),
    lifecycle: z.string().min(1).nullable(),
    kind: z.enum(['event', 'refusal', 'read', 'export', 'policy', 'finding', 'erasure', 'key', 'item']),
    seq: z.int().positive().nullable(),
    at: z.number(),
    type: z.string(),
    by: z.string().nullable(),
    command: z.string().nullable(),
    data: z.unknown(),
  })
  .refine(
    ({ kind, seq, lifecycle }) => (kind === 'event' ? seq !== null && lifecycle !== null : seq === null),
    {
      error: 'an event, and nothing else, has a number and a lifecycle',
    },
  );

/** What the checks of a chain look at in an entry. */
export type EntryFacts = Pick<LedgerEntry, 'id' | 'lifecycle' | 'seq' | 'kind'>;

const FIRST_KEYS = ['at', 'by', 'command', 'data'].map((key) => Buffer.from(`${key}"`));
const MEMBERS = 9;
/** Members by their place among the sorted keys. */
const [AT, BY, COMMAND, ID, TYPE] = [0, 1, 2, 4, 8];
const [QUOTE, NULL, MINUS, ZERO, NINE] = [0x22, 0x6e, 0x2d, 0x30, 0x39];

/** Reads the entries of one chain after the other. */
export class EntryReader {
  readonly #scan: JsonScan;
  readonly #findings: Findings;

  constructor(scan: JsonScan, findings: Findings) {
    this.#scan = scan;
    this.#findings = findings;
  }

  /**
   * Whether the body is, at first sight, event `seq` of this lifecycle and well formed: so are nearly all, and reading
   * them as JSON would take several times as long as hashing them.
   */
  isEvent(bytes: Buffer, from: number, to: number, lifecycle: string, seq: number): boolean {
    const scan = this.#scan;
    if (!scan.isPlain(bytes, from, to) || scan.members !== MEMBERS) return false;
    for (let member = 0; member < FIRST_KEYS.length; member++) {
      const key = FIRST_KEYS[member] as Buffer;
      const at = scan.keys[member] as number;
      for (let i = 0; i < key.length; i++) if (bytes[at + i] !== key[i]) return false;
    }
    if (!isNumber(bytes[scan.values[AT] as number])) return false;
    if (!isText(bytes[scan.values[BY] as number]) || !isText(bytes[scan.values[COMMAND] as number]))
      return false;
    const type = scan.values[TYPE] as number;
    const rest = bytes.toString('latin1', scan.keys[ID], type);
    const id = `id":"lifecycle/${lifecycle}/${seq}"`;
    return (
      rest === `${id},"kind":"event","lifecycle":"${lifecycle}","seq":${seq},"type":` && bytes[type] === QUOTE
    );
  }

  /** What the body says, whatever it is; undefined where it is no entry, which is a finding then. */
  read(bytes: Buffer, from: number, to: number, place: FindingPlace): EntryFacts | undefined {
    const read = readJson(bytes, from, to, this.#scan);
    if ('wrong' in read) {
      this.#findings.add('line-form', place, `the entry ${read.wrong}`);
      return undefined;
    }
    if (read.duplicates)
      this.#findings.add('duplicate-keys', place, 'an object in the entry has a key twice');
    const entry = entryForm.safeParse(read.value);
    if (!entry.success) this.#findings.add('line-form', place, `not an entry: ${said(entry.error)}`);
    return entry.data;
  }

  /** The strict check; a body that is no JSON is for `read` to report. */
  checkCanonical(bytes: Buffer, from: number, to: number, place: FindingPlace): void {
    const read = readJson(bytes, from, to, this.#scan);
    if ('wrong' in read || canonicalOf(read.value) === bytes.toString('utf8', from, to)) return;
    this.#findings.add('canonical', place, 'the entry is not in its RFC 8785 form');
  }
}

/** What a form says is wrong with a line, in one sentence. */
export function said({ issues }: z.ZodError): string {
  const [first] = issues;
  const path = first?.path.join('.') ?? '';
  return `${path === '' ? '' : `${path}: `}${first?.message ?? 'wrong'}`;
}

/** The RFC 8785 form; undefined where the value has none, or is nested too deeply to be written. */
function canonicalOf(value: unknown): string | undefined {
  try {
    return canonicalForm(value as Json);
  } catch {
    return undefined;
  }
}

function isNumber(byte: number | undefined): boolean {
  return byte === MINUS || (byte !== undefined && byte >= ZERO && byte <= NINE);
}

function isText(byte: number | undefined): boolean {
  return byte === QUOTE || byte === NULL;
}

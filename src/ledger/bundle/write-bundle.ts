import { canonicalForm } from '../../domain/digest.js';
import type { Json } from '../../domain/json.js';
import { chainOf } from '../chain.js';
import { keyId, leafBytes } from '../verify/checkpoint.js';
import { leafNode, MerkleTree } from '../verify/merkle.js';
import { BUNDLE_FORMAT, type Line, type LineOf, LONGEST_LINE } from './format.js';
import { ReferencedDigests } from './referenced-digests.js';
import type { LedgerSource, SealedAt, StoredDocument } from './source.js';

export interface BundleOptions {
  /** Key of the only lifecycle to export; absent: all chains. */
  readonly lifecycle?: string | undefined;
  /** Milliseconds since 1970, for the header; now. */
  readonly exportedAt?: number;
}

/** The ledger has no chain of this lifecycle. */
export class LifecycleNotRecorded extends Error {
  override readonly name = 'LifecycleNotRecorded';
  readonly code = 'not-found';
  constructor(key: string) {
    super(`the ledger has nothing of a lifecycle ${key}: look for its key with \`airworthy ls\``);
  }
}

/** Pieces are about this long: fewer and larger would hold up whoever writes them on. */
const PIECE = 256 * 1024;

/**
 * Writes a bundle in pieces that end anywhere; the next comes when `write` is through with this one. It shows what the
 * ledger holds, whatever that is: judging it is the verifier's part. Throws `LifecycleNotRecorded` before the first
 * piece, and what the source and `write` throw.
 */
export async function exportBundle(
  source: LedgerSource,
  options: BundleOptions,
  write: (piece: string) => void | Promise<void>,
): Promise<void> {
  for await (const piece of bundleOf(source, options)) await write(piece);
}

/** The same, as pieces that are asked for. */
export async function* bundleOf(source: LedgerSource, options: BundleOptions): AsyncGenerator<string> {
  const { lifecycle, exportedAt = Date.now() } = options;
  const only = lifecycle === undefined ? undefined : chainOf({ lifecycle });
  if (lifecycle !== undefined && (await first(source.chains(only))) === undefined) {
    throw new LifecycleNotRecorded(lifecycle);
  }
  const out = new Piece();
  out.line({ type: 'header', format: BUNDLE_FORMAT, exportedAt, lifecycle: lifecycle ?? null });
  for await (const { publicKey, from, until } of source.keys()) {
    const base64 = Buffer.from(publicKey).toString('base64');
    out.line({ type: 'key', id: keyId(publicKey), algorithm: 'Ed25519', publicKey: base64, from, until });
  }
  let last = 0;
  for await (const { number, body, signatures } of source.checkpoints()) {
    last = number;
    out.text(`{"checkpoint":${body},"signatures":${canonicalForm(signatures)},"type":"checkpoint"}`);
    if (out.full) yield out.take();
  }
  const digests = new ReferencedDigests();
  for await (const { chain, position, hash } of source.chains(only)) {
    out.line({ type: 'chain', chain, entries: position, hash });
    for await (const line of only === undefined ? leaves(source, chain) : proofs(source, chain, last)) {
      out.line(line);
    }
    for await (const page of source.links(chain)) {
      for (const link of page) {
        if (only !== undefined) digests.add(link.body);
        out.text(`["${link.hash}",${link.body}]`);
      }
      if (out.full) yield out.take();
    }
  }
  for await (const stored of only === undefined ? source.documents('all') : referenced(source, digests)) {
    out.text(documentLine(stored));
    if (out.full) yield out.take();
  }
  out.line({ type: 'end', lines: out.lines });
  yield out.take();
}

async function* leaves(source: LedgerSource, chain: string): AsyncGenerator<LineOf<'leaf'>> {
  for await (const sealed of source.leavesOf(chain)) yield { type: 'leaf', ...sealed };
}

/** The documents that the digests name, those that these name, and so on. */
async function* referenced(source: LedgerSource, digests: ReferencedDigests): AsyncGenerator<StoredDocument> {
  for (let asked = digests.take(); asked.length > 0; asked = digests.take()) {
    for await (const stored of source.documents(asked)) {
      if ('document' in stored) digests.add(stored.document);
      yield stored;
    }
  }
}

/** A proof for every checkpoint in which the chain's leaf is new, and for the last: between them nothing changed. */
async function* proofs(source: LedgerSource, chain: string, last: number): AsyncGenerator<LineOf<'proof'>> {
  let latest: SealedAt | undefined;
  for await (const sealed of source.leavesOf(chain)) {
    yield* proof(source, chain, sealed.from);
    latest = sealed;
  }
  if (latest !== undefined && latest.from !== last) yield* proof(source, chain, last);
}

async function* proof(
  source: LedgerSource,
  chain: string,
  checkpoint: number,
): AsyncGenerator<LineOf<'proof'>> {
  const tree = new MerkleTree();
  let found: { position: number; hash: string; index: number } | undefined;
  for await (const leaf of source.leavesAt(checkpoint)) {
    const ours = leaf.chain === chain;
    if (ours) found = { position: leaf.position, hash: leaf.hash, index: tree.size };
    tree.add(leafNode(leafBytes(leaf), ours));
  }
  const path = tree.path()?.map((hash) => hash.toString('hex'));
  if (found !== undefined && path !== undefined) yield { type: 'proof', checkpoint, ...found, path };
}

function documentLine(stored: StoredDocument): string {
  // Spliced in as it is stored: a document that was tampered with must not be mended by reading and writing it.
  if ('document' in stored)
    return `{"digest":"${stored.digest}","document":${stored.document},"type":"document"}`;
  const { digest, subject } = stored;
  const [ciphertext, nonce] = [stored.ciphertext, stored.nonce].map((it) =>
    Buffer.from(it).toString('base64'),
  );
  return canonicalForm({
    type: 'document',
    digest,
    subject,
    ciphertext: ciphertext ?? '',
    nonce: nonce ?? '',
  });
}

async function first<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}

class Piece {
  #lines: string[] = [];
  #length = 0;
  /** Of all pieces. */
  lines = 0;

  get full(): boolean {
    return this.#length >= PIECE;
  }

  line(line: Line): void {
    this.text(canonicalForm(line as Json));
  }

  text(line: string): void {
    if (line.length > LONGEST_LINE) {
      throw new RangeError(`line ${this.lines + 1} of the bundle would be longer than ${LONGEST_LINE} bytes`);
    }
    this.#lines.push(line, '\n');
    this.#length += line.length;
    this.lines++;
  }

  take(): string {
    const piece = this.#lines.join('');
    this.#lines = [];
    this.#length = 0;
    return piece;
  }
}

import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { canonicalForm, digestOf } from '../../../src/domain/digest.js';
import type { Json } from '../../../src/domain/json.js';
import type {
  Head,
  LedgerSource,
  Link,
  SealedAt,
  StoredDocument,
  StoredKey,
} from '../../../src/ledger/bundle/source.js';
import { exportBundle } from '../../../src/ledger/bundle/write-bundle.js';
import { genesisOf, nextHash } from '../../../src/ledger/chain.js';
import {
  type Checkpoint,
  checkpointBytes,
  checkpointHash,
  keyId,
  type Leaf,
  leafBytes,
  rawPublicKey,
  type SignedCheckpoint,
} from '../../../src/ledger/verify/checkpoint.js';
import { merkleRoot } from '../../../src/ledger/verify/merkle.js';
import { type Verdict, Verifier, type VerifierOptions } from '../../../src/ledger/verify/verifier.js';
import type { LedgerEntry } from '../../../src/ports/ledger.js';

/** A signing key that is always the same: from a seed of 32 bytes. */
export function seededKey(seed: number): {
  readonly secret: KeyObject;
  readonly raw: Buffer;
  readonly id: string;
} {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  const der = Buffer.concat([prefix, Buffer.alloc(32, seed)]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const raw = rawPublicKey(secret);
  return { secret, raw, id: keyId(raw) };
}

/** RFC 8785 form of an event. */
export function event(lifecycle: string, seq: number, data: Json = { gate: 'start' }): string {
  const id = `lifecycle/${lifecycle}/${seq}`;
  return entry({ id, lifecycle, kind: 'event', seq, data, type: 'CommentAdded' });
}

/** RFC 8785 form of an entry that is no event. */
export function refusal(id: string, lifecycle: string | null): string {
  return entry({ id, lifecycle, kind: 'refusal', seq: null, type: 'held' });
}

export function entry(facts: Partial<LedgerEntry>): string {
  const entry = {
    id: 'refusal/1',
    lifecycle: null,
    kind: 'refusal',
    seq: null,
    type: 'held',
    data: null,
    ...facts,
  };
  return canonicalForm({ at: 1_790_000_000_000, by: 'p-1', command: 'comment', ...entry });
}

/** A ledger in memory into which anything can be put, and whose hashes are always right. */
export class SampleLedger {
  readonly chains = new Map<string, { hash: string; body: string }[]>();
  readonly checkpoints: SignedCheckpoint[] = [];
  readonly leaves: Leaf[][] = [];
  readonly stored: StoredDocument[] = [];
  readonly keys: StoredKey[] = [];

  append(chain: string, ...bodies: readonly string[]): this {
    const links = this.chains.get(chain) ?? [];
    for (const body of bodies) {
      const before = links.at(-1)?.hash;
      const hash = nextHash(before === undefined ? genesisOf(chain) : Buffer.from(before, 'hex'), body);
      links.push({ hash: hash.toString('hex'), body });
    }
    this.chains.set(chain, links);
    return this;
  }

  store(document: Json): this {
    this.stored.push({ digest: digestOf(document), document: canonicalForm(document) });
    return this;
  }

  /** Seals all chains as they are, signed by these keys. */
  seal(keys: readonly ReturnType<typeof seededKey>[], changes: Partial<Checkpoint> = {}): this {
    const leaves = this.names().map((chain) => {
      const links = this.chains.get(chain) ?? [];
      return { chain, position: links.length, hash: links.at(-1)?.hash ?? '' };
    });
    const before = this.checkpoints.at(-1)?.checkpoint;
    const checkpoint: Checkpoint = {
      at: 1_790_000_000_000 + this.checkpoints.length,
      chains: leaves.length,
      entries: leaves.reduce((sum, { position }) => sum + position, 0),
      format: 'airworthy-checkpoint/1',
      number: this.checkpoints.length + 1,
      previous: before === undefined ? null : checkpointHash(before),
      root: merkleRoot(leaves.map(leafBytes)).toString('hex'),
      ...changes,
    };
    this.checkpoints.push(signed(checkpoint, keys));
    this.leaves.push(leaves);
    return this;
  }

  names(): string[] {
    return [...this.chains.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }

  source(): LedgerSource {
    return {
      keys: () => each(this.keys),
      checkpoints: () =>
        each(
          this.checkpoints.map(({ checkpoint, signatures }) => ({
            number: checkpoint.number,
            body: checkpointBytes(checkpoint),
            signatures: [...signatures],
          })),
        ),
      chains: (only) => each(this.#heads().filter(({ chain }) => only === undefined || chain === only)),
      links: (chain) => pages(this.chains.get(chain) ?? []),
      leavesOf: (chain) => each(this.#leavesOf(chain)),
      leavesAt: (number) => each(this.leaves[number - 1] ?? []),
      documents: (of) => each(this.stored.filter(({ digest }) => of === 'all' || of.includes(digest))),
    };
  }

  /** The lines of its bundle, without their newlines. */
  async lines(lifecycle?: string): Promise<string[]> {
    const pieces: string[] = [];
    await exportBundle(this.source(), { lifecycle, exportedAt: 1_790_000_000_000 }, (piece) => {
      pieces.push(piece);
    });
    return pieces.join('').split('\n').slice(0, -1);
  }

  #heads(): Head[] {
    return this.names().map((chain) => {
      const links = this.chains.get(chain) ?? [];
      return { chain, position: links.length, hash: links.at(-1)?.hash ?? genesisOf(chain).toString('hex') };
    });
  }

  #leavesOf(chain: string): SealedAt[] {
    const found: SealedAt[] = [];
    for (const [i, leaves] of this.leaves.entries()) {
      const leaf = leaves.find((one) => one.chain === chain);
      const from = this.checkpoints[i]?.checkpoint.number ?? 0;
      if (leaf !== undefined && leaf.position !== found.at(-1)?.position) {
        found.push({ from, position: leaf.position, hash: leaf.hash });
      }
    }
    return found;
  }
}

export function signed(
  checkpoint: Checkpoint,
  keys: readonly ReturnType<typeof seededKey>[],
): SignedCheckpoint {
  const bytes = Buffer.from(checkpointBytes(checkpoint));
  const signatures = keys.map(({ id, secret }) => ({
    key: id,
    signature: sign(null, bytes, secret).toString('base64'),
  }));
  return { checkpoint, signatures };
}

/** Lines with the end line that fits them; the old one, if there is any, is replaced. */
export function ended(lines: readonly string[]): string[] {
  const body = lines.filter((line) => !line.includes('"type":"end"'));
  return [...body, canonicalForm({ type: 'end', lines: body.length })];
}

export function bytesOf(lines: readonly string[]): Buffer {
  return Buffer.from(lines.map((line) => `${line}\n`).join(''));
}

/** Verifies bytes in chunks of this size. */
export function verified(bytes: Uint8Array, options: VerifierOptions = {}, chunk = 64 * 1024): Verdict {
  const verifier = new Verifier(options);
  for (let from = 0; from < bytes.length && !verifier.done; from += chunk) {
    verifier.write(Buffer.from(bytes.subarray(from, from + chunk)));
  }
  return verifier.end();
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function* pages(links: readonly Link[]): AsyncGenerator<readonly Link[]> {
  for (let from = 0; from < links.length; from += 2) yield links.slice(from, from + 2);
}

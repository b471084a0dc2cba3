import type { LineOf } from '../bundle/format.js';
import type { ChainCheck } from './chain-check.js';
import {
  checkpointHash,
  fingerprintOf,
  keyId,
  leafBytes,
  type SignedCheckpoint,
  verifySignature,
} from './checkpoint.js';
import type { CheckName, Findings } from './checks.js';
import { leafHash, leafNode, MerkleTree, rootOfPath, SharedNodes } from './merkle.js';

/** A checkpoint, and the tree over its leaves as far as they have come. */
interface Sealing {
  readonly line: number;
  readonly signed: SignedCheckpoint;
  readonly hash: string;
  readonly tree: MerkleTree;
  entries: number;
}

/** A key that signatures were checked with. */
export interface KeySeen {
  readonly id: string;
  /** Hex: SHA-256 of its 32 bytes. */
  readonly fingerprint: string;
}

/** A run of checkpoints, from the one at this index on, that hold the same leaf of a chain. */
interface Run {
  readonly from: number;
  readonly position: number;
  readonly hash: string;
}

/** Checks keys and checkpoints, and that the chains have what was sealed. */
export class SealCheck {
  readonly #findings: Findings;
  readonly #trusted: ReadonlyMap<string, Uint8Array> | undefined;
  readonly #witnessed: readonly SignedCheckpoint[];
  readonly #ofBundle = new Map<string, LineOf<'key'>>();
  readonly #sealings: Sealing[] = [];
  /** By number, where among them it is. */
  readonly #places = new Map<number, number>();
  /** Checkpoints differ by few leaves. */
  readonly #nodes = new SharedNodes();
  /** Of the chain that is being read. */
  #runs: Run[] = [];
  #provenTo = 0;

  constructor(
    findings: Findings,
    trusted: readonly Uint8Array[] | undefined,
    witnessed: readonly SignedCheckpoint[],
  ) {
    this.#findings = findings;
    this.#trusted = trusted && new Map(trusted.map((key) => [keyId(key), key]));
    this.#witnessed = witnessed;
  }

  get keys(): readonly KeySeen[] {
    const ids = [...(this.#trusted ?? this.#ofBundle).keys()];
    return ids.map((id) => ({ id, fingerprint: fingerprintOf(this.#keyOf(id) ?? Buffer.alloc(0)) }));
  }

  get count(): number {
    return this.#sealings.length;
  }

  get last(): SignedCheckpoint | undefined {
    return this.#sealings.at(-1)?.signed;
  }

  key(key: LineOf<'key'>, line: number): void {
    const id = keyId(Buffer.from(key.publicKey, 'base64'));
    if (key.id === id) this.#ofBundle.set(id, key);
    else this.#add('key-id', line, `this key’s id is ${id}, not ${key.id}`);
  }

  checkpoint(signed: SignedCheckpoint, line: number): void {
    const { number, previous } = signed.checkpoint;
    const hash = checkpointHash(signed.checkpoint);
    const before = this.#sealings.at(-1);
    const last = before?.signed.checkpoint.number ?? 0;
    if (number === last) {
      const what = hash === before?.hash ? 'doubled' : 'forked';
      this.#add('checkpoint-fork', line, `${what}: there are two checkpoints ${number}`);
      return;
    }
    if (number !== last + 1) {
      this.#add('checkpoint-number', line, `checkpoint ${number} stands where ${last + 1} belongs`);
    } else if (previous !== (before?.hash ?? null)) {
      this.#add(
        'previous',
        line,
        `checkpoint ${number} follows ${previous}; the one before it is ${before?.hash ?? null}`,
      );
    }
    this.#checkSignatures(signed, line);
    this.#places.set(number, this.#sealings.length);
    this.#sealings.push({ line, signed, hash, tree: new MerkleTree(this.#nodes), entries: 0 });
  }

  /** A leaf of the chain, valid from one checkpoint on. */
  leaf({ from, position, hash }: LineOf<'leaf'>, chain: ChainCheck, line: number): void {
    const index = this.#places.get(from) ?? -1;
    const before = this.#runs.at(-1);
    if (index < 0 || (before !== undefined && (index <= before.from || position <= before.position))) {
      const message =
        index < 0
          ? `there is no checkpoint ${from}`
          : `a leaf of checkpoint ${from} goes back behind the one before it`;
      this.#findings.add('leaf-order', { line, chain: chain.chain, position }, message);
      return;
    }
    this.#runs.push({ from: index, position, hash });
    chain.seal({ checkpoint: from, position, hash });
  }

  /** A leaf of the chain with its way to the root. */
  proof({ checkpoint, position, hash, index, path }: LineOf<'proof'>, chain: ChainCheck, line: number): void {
    const place = { line, chain: chain.chain, position };
    const sealing = this.#sealings[this.#places.get(checkpoint) ?? -1];
    if (sealing === undefined || checkpoint <= this.#provenTo || position < chain.sealedTo) {
      const message = sealing
        ? `the proof for checkpoint ${checkpoint} goes back`
        : `there is no checkpoint ${checkpoint}`;
      this.#findings.add('leaf-order', place, message);
      return;
    }
    this.#provenTo = checkpoint;
    const { chains, root } = sealing.signed.checkpoint;
    const leaf = leafHash(leafBytes({ chain: chain.chain, hash, position }));
    const steps = path.map((step) => Buffer.from(step, 'hex'));
    if (rootOfPath(leaf, index, chains, steps)?.toString('hex') !== root) {
      this.#findings.add('proof', place, `the proof does not lead to the root of checkpoint ${checkpoint}`);
    }
    chain.seal({ checkpoint, position, hash });
  }

  /** After the last entry of the chain. */
  endOfChain(chain: ChainCheck, line: number): void {
    const last = this.last?.checkpoint.number ?? 0;
    if (this.#provenTo > 0 && this.#provenTo !== last) {
      const message = `truncated: the chain is not proven to be in the last checkpoint, ${last}`;
      this.#findings.add('proof-latest', { line, chain: chain.chain }, message);
    }
    for (const [i, { from, position, hash }] of this.#runs.entries()) {
      const leaf = leafNode(leafBytes({ chain: chain.chain, hash, position }));
      for (const sealing of this.#sealings.slice(from, this.#runs[i + 1]?.from)) {
        sealing.tree.add(leaf);
        sealing.entries += position;
      }
    }
    this.#runs = [];
    this.#provenTo = 0;
  }

  /** After the last chain; `whole`: all chains were there. */
  end(whole: boolean, line: number): void {
    for (const sealing of whole ? this.#sealings : []) this.#checkTree(sealing);
    for (const { checkpoint } of this.#witnessed) {
      const ours = this.#sealings[this.#places.get(checkpoint.number) ?? -1];
      if (ours?.hash === checkpointHash(checkpoint)) continue;
      const message = ours
        ? `forked: the witness holds another checkpoint ${checkpoint.number}`
        : `truncated: the witness holds checkpoint ${checkpoint.number}, which is not here`;
      this.#add('witnessed', ours?.line ?? line, message);
    }
  }

  #checkSignatures(signed: SignedCheckpoint, line: number): void {
    const { number, at } = signed.checkpoint;
    const known = signed.signatures.filter(({ key }) => this.#keyOf(key) !== undefined);
    for (const signature of known) {
      const key = this.#keyOf(signature.key);
      if (key === undefined || verifySignature(signed.checkpoint, signature, key)) continue;
      this.#add('signature', line, `bad signature of checkpoint ${number} by key ${signature.key}`);
    }
    const by = signed.signatures.map(({ key }) => key).join(', ');
    if (known.length === 0) {
      this.#add('known-key', line, `unknown key: checkpoint ${number} is signed by ${by} only`);
    } else if (!known.some(({ key }) => this.#signsAt(key, at))) {
      this.#add(
        'key-window',
        line,
        `expired key: checkpoint ${number} is signed by ${by}, at a time when that does not sign`,
      );
    }
  }

  #keyOf(id: string): Uint8Array | undefined {
    if (this.#trusted !== undefined) return this.#trusted.get(id);
    const key = this.#ofBundle.get(id);
    return key && Buffer.from(key.publicKey, 'base64');
  }

  /** A trusted key of which the bundle says nothing signs whenever it likes. */
  #signsAt(id: string, at: number): boolean {
    const { from, until } = this.#ofBundle.get(id) ?? { from: at, until: null };
    return from <= at && (until === null || at < until);
  }

  #checkTree({ line, signed: { checkpoint }, tree, entries }: Sealing): void {
    const { number, chains, root } = checkpoint;
    if (tree.size !== chains || entries !== checkpoint.entries) {
      const here = `${tree.size} chains with ${entries} entries`;
      const message = `checkpoint ${number} sealed ${chains} chains with ${checkpoint.entries} entries, its leaves are ${here}`;
      this.#add('totals', line, message);
    }
    const ours = tree.root().toString('hex');
    if (ours !== root)
      this.#add('root', line, `the leaves of checkpoint ${number} have the root ${ours}, not ${root}`);
  }

  #add(check: CheckName, line: number, message: string): void {
    this.#findings.add(check, { line }, message);
  }
}

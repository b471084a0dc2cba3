/** The Merkle tree of RFC 6962 over leaves that arrive one by one: memory grows with the depth of the tree only. */
import { createHash } from 'node:crypto';

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** A complete subtree; `path` where it holds the leaf that a proof is made for. */
interface Subtree {
  readonly hash: Buffer;
  readonly leaves: number;
  readonly path?: readonly Buffer[];
}

/** A leaf as trees take it; with `proven` its path can be had from the tree. */
export function leafNode(leaf: Uint8Array | string, proven = false): Subtree {
  return { hash: leafHash(leaf), leaves: 1, ...(proven && { path: [] }) };
}

/** SHA-256 over a zero byte and the leaf, 32 bytes. */
export function leafHash(leaf: Uint8Array | string): Buffer {
  return createHash('sha256').update(LEAF).update(leaf).digest();
}

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(NODE).update(left).update(right).digest();
}

/**
 * The nodes that trees made side by side have in common. Trees of which one follows from the other by a few leaves share
 * nearly all, and then need neither be hashed nor kept again.
 */
export class SharedNodes {
  readonly #last: { readonly left: Subtree; readonly right: Subtree; readonly node: Subtree }[] = [];

  /** The node over two subtrees; the one made last at this level where it is of the same. */
  over(left: Subtree, right: Subtree): Subtree {
    const level = Math.log2(left.leaves);
    const last = this.#last[level];
    if (last?.left === left && last.right === right) return last.node;
    const path = left.path ? [...left.path, right.hash] : right.path && [...right.path, left.hash];
    const hash = nodeHash(left.hash, right.hash);
    const node = { hash, leaves: left.leaves + right.leaves, ...(path && { path }) };
    this.#last[level] = { left, right, node };
    return node;
  }
}

/** A tree under construction. */
export class MerkleTree {
  readonly #nodes: SharedNodes;
  /** From left to right, each larger than the next. */
  readonly #complete: Subtree[] = [];
  #size = 0;

  constructor(nodes: SharedNodes = new SharedNodes()) {
    this.#nodes = nodes;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a leaf behind the others: its hash, or what `leafNode` made, which trees can share. */
  add(leaf: Buffer | Subtree): void {
    this.#complete.push(Buffer.isBuffer(leaf) ? { hash: leaf, leaves: 1 } : leaf);
    this.#size++;
    for (let left = this.#complete.at(-2); left?.leaves === this.#complete.at(-1)?.leaves; ) {
      this.#merge();
      left = this.#complete.at(-2);
    }
  }

  /** 32 bytes; of a tree without leaves SHA-256 of nothing. Nothing can be added afterwards. */
  root(): Buffer {
    while (this.#complete.length > 1) this.#merge();
    return this.#complete[0]?.hash ?? createHash('sha256').digest();
  }

  /** Hashes beside the way from the proven leaf up to the root; undefined where none was added. */
  path(): readonly Buffer[] | undefined {
    this.root();
    return this.#complete[0]?.path;
  }

  #merge(): void {
    const right = this.#complete.pop();
    const left = this.#complete.pop();
    if (left === undefined || right === undefined) return;
    this.#complete.push(this.#nodes.over(left, right));
  }
}

/** Root of the tree over these leaves, in their order: 32 bytes. */
export function merkleRoot(leaves: Iterable<Uint8Array | string>): Buffer {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.add(leafHash(leaf));
  return tree.root();
}

/**
 * The root that a leaf's hash leads to, by its index in a tree of `size` leaves and its path; undefined where the
 * path has another length than it has in such a tree.
 */
export function rootOfPath(
  leaf: Buffer,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): Buffer | undefined {
  let hash = leaf;
  let [place, last] = [index, size - 1];
  if (!Number.isSafeInteger(index) || index < 0 || index > last) return undefined;
  for (const beside of path) {
    if (last === 0) return undefined;
    if (place % 2 === 1 || place === last) {
      // The last node of a level without a right neighbour goes up as it is.
      while (place % 2 === 0 && place > 0) [place, last] = [place / 2, Math.floor(last / 2)];
      if (place === 0) return undefined;
      hash = nodeHash(beside, hash);
    } else {
      hash = nodeHash(hash, beside);
    }
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hash : undefined;
}

/** Everything that a bundle is checked for. Each name is stable, and each has a corruption that only it finds. */
export const CHECKS = {
  header: 'The first line is a header of a known format.',
  'line-length': 'No line is longer than 8 MiB.',
  'line-form': 'Every line is JSON in UTF-8, of a known type, with exactly the members of that type.',
  'duplicate-keys': 'No object has a key twice.',
  canonical: 'Every entry is in its RFC 8785 form (strict only).',
  order: 'Lines come in their order: header, keys, checkpoints, chains, documents, end.',
  end: 'The bundle ends with an end line and its newline.',
  'line-count': 'There are as many lines as the end line says.',
  link: 'Every hash is that of the hash before it and of its own entry.',
  'head-entries': 'A chain has as many entries as its head says.',
  'head-hash': "The last hash of a chain is its head's.",
  'chain-order': 'Chains are in the order of the UTF-8 bytes of their names.',
  'chain-fork': 'No two chains have one name.',
  'entry-chain': 'Every entry says that it is of the lifecycle whose chain it stands in.',
  'entry-id':
    'The id of an event is that of its lifecycle and number, that of an item’s entry begins with its lifecycle; no other entry has such an id.',
  sequence: 'The events of a lifecycle are numbered 1, 2, 3, …',
  'unique-id': 'No two entries have one id.',
  sealed: 'Where a checkpoint sealed a chain, the chain has the hash that was sealed.',
  'sealed-ahead': 'No checkpoint sealed more of a chain than there is.',
  'leaf-order': 'The leaves of a chain belong to checkpoints that are here, and never go back.',
  'checkpoint-number': 'Checkpoints are numbered 1, 2, 3, …',
  'checkpoint-fork': 'No two checkpoints have one number.',
  previous: 'Every checkpoint names the hash of the one before it.',
  'known-key': 'Every checkpoint is signed by a key that is known, or trusted where trusted ones are given.',
  signature: 'Every signature by such a key is valid.',
  'key-window': 'Every checkpoint is signed by a key that signed at its time.',
  'key-id': 'The id of a key is that of its bytes.',
  root: 'The leaves of a checkpoint have its Merkle root.',
  totals: 'The leaves of a checkpoint are as many, and seal as many entries, as it says.',
  proof: 'The proof of a chain leads to the root of its checkpoint.',
  'proof-latest': 'A chain that was ever sealed is proven to be in the last checkpoint.',
  witnessed: 'The checkpoints that a witness holds are in the bundle, unchanged.',
  'document-digest': 'A document in plain has the digest that it is stored under.',
} as const;

export type CheckName = keyof typeof CHECKS;

export const CHECK_NAMES = Object.keys(CHECKS) as readonly CheckName[];

/** Something that is not as it must be, and where. */
export interface Finding {
  readonly check: CheckName;
  /** 1, 2, 3, …; the line at which it shows. */
  readonly line: number;
  readonly chain: string | null;
  readonly position: number | null;
  /** What is so, beginning with one word for it where there is one: edited, deleted, inserted, swapped, … */
  readonly message: string;
}

export type FindingPlace = Pick<Finding, 'line'> & Partial<Pick<Finding, 'chain' | 'position'>>;

/** With more the bundle is hopeless, and reading on would only take time. */
const MOST = 1_000;

/** Collects what the checks that are switched on find. */
export class Findings {
  readonly #on: ReadonlySet<CheckName>;
  readonly #found: Finding[] = [];

  constructor(on: Iterable<CheckName>) {
    this.#on = new Set(on);
  }

  isOn(check: CheckName): boolean {
    return this.#on.has(check);
  }

  add(check: CheckName, { line, chain = null, position = null }: FindingPlace, message: string): void {
    if (this.#on.has(check) && !this.full) this.#found.push({ check, line, chain, position, message });
  }

  get full(): boolean {
    return this.#found.length >= MOST;
  }

  /** By line, then as the checks are listed: a broken link is understood only by the lines behind it. */
  inOrder(): readonly Finding[] {
    const rank = ({ check }: Finding): number => CHECK_NAMES.indexOf(check);
    return this.#found.toSorted((a, b) => a.line - b.line || rank(a) - rank(b));
  }
}

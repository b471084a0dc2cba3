/** Walks JSON values: where they differ, and how each of their leaves could be changed. */
type Path = readonly (string | number)[];

const isBranch = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Paths at which two JSON values differ; empty when they are equal. */
export function differences(actual: unknown, expected: unknown, at = ''): string[] {
  if (!isBranch(actual) || !isBranch(expected) || Array.isArray(actual) !== Array.isArray(expected)) {
    return Object.is(actual, expected)
      ? []
      : [`${at}: ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`];
  }
  const keys = new Set([...Object.keys(actual), ...Object.keys(expected)]);
  return [...keys].flatMap((key) => differences(actual[key], expected[key], `${at}/${key}`));
}

/** A copy of a value with one place changed, and what was changed. */
export interface Mutation<T> {
  readonly what: string;
  readonly mutated: T;
}

/**
 * Every single change of a leaf (a number moved, a word replaced, a boolean turned), and of every list with one
 * of its elements missing or a group with one of its fields missing. Words are replaced by one that is none,
 * and by others that the value uses in a field of the same name.
 */
export function* mutations<T>(root: T): Generator<Mutation<T>> {
  const words = wordsByField(root);
  for (const { path, value } of nodes(root, [])) {
    for (const { how, changed } of changes(value, words.get(fieldOf(path)) ?? [])) {
      yield { what: `${path.join('/')} ${how}`, mutated: withValue(root, path, changed) as T };
    }
  }
}

function* nodes(value: unknown, path: Path): Generator<{ path: Path; value: unknown }> {
  yield { path, value };
  if (!isBranch(value)) return;
  for (const [key, item] of Object.entries(value)) {
    yield* nodes(item, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

function changes(value: unknown, words: readonly string[]): { how: string; changed: unknown }[] {
  if (Array.isArray(value)) {
    return value.map((_, index) => ({ how: `without entry ${index}`, changed: value.toSpliced(index, 1) }));
  }
  if (isBranch(value)) {
    return Object.keys(value).map((key) => {
      const { [key]: _dropped, ...rest } = value;
      return { how: `without ${key}`, changed: rest };
    });
  }
  switch (typeof value) {
    case 'number':
      return [{ how: 'one more', changed: value + 1 }];
    case 'boolean':
      return [{ how: 'turned', changed: !value }];
    case 'string':
      return [`${value}x`, value.replace(/^\d+/, (digits) => `${Number(digits) + 1}`), ...words]
        .filter((word) => word !== value)
        .slice(0, 3)
        .map((word) => ({ how: `as ${word}`, changed: word }));
    default:
      return [{ how: 'filled in', changed: 'something' }];
  }
}

function wordsByField(root: unknown): Map<string, string[]> {
  const words = new Map<string, string[]>();
  for (const { path, value } of nodes(root, [])) {
    if (typeof value !== 'string') continue;
    const known = words.get(fieldOf(path)) ?? [];
    if (!known.includes(value)) words.set(fieldOf(path), [...known, value]);
  }
  return words;
}

const fieldOf = (path: Path): string => path.findLast((key) => typeof key === 'string') ?? '';

function withValue(node: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(node)) return node.with(Number(key), withValue(node[Number(key)], rest, value));
  if (!isBranch(node)) throw new Error(`nothing at ${key}`);
  return { ...node, [key]: withValue(node[key], rest, value) };
}

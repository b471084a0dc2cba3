const NAMES = ['lifecycle', 'release', 'step', 'group', 'metric', 'from', 'to', 'fromMs', 'toMs'] as const;

/** What stands for each placeholder of a path. `from` and `to` are RFC 3339 in UTC, `fromMs` and `toMs` milliseconds. */
export type PathFilling = { readonly [N in (typeof NAMES)[number]]: string };

const PLACEHOLDER = /\$([A-Za-z_]\w*)/g;

/** What is wrong with the path of a generic source, in words; undefined: nothing is. */
export function pathProblem(path: string): string | undefined {
  if (!path.startsWith('/') || path.startsWith('//'))
    return 'write a path below the url, beginning with one /';
  const unknown = [...path.matchAll(PLACEHOLDER)].find(([, name]) => !isName(name));
  return unknown && `there is no ${unknown[0]}; there are ${NAMES.map((name) => `$${name}`).join(', ')}`;
}

/** The path with its placeholders filled, each so that it stays within its segment or parameter. */
export function fillPath(path: string, filling: PathFilling): string {
  return path.replace(PLACEHOLDER, (whole, name: string) =>
    isName(name) ? encodeURIComponent(filling[name]) : whole,
  );
}

function isName(name: string | undefined): name is (typeof NAMES)[number] {
  return NAMES.some((known) => known === name);
}

/** `$lifecycle`, `$release` and the like, which a definition of a metric leaves open. */

const STRINGS = ['lifecycle', 'release', 'step', 'group'] as const;
type StringName = (typeof STRINGS)[number];

/** What stands for each placeholder of PromQL. `window` in milliseconds. */
export type Filling = { readonly [N in StringName]: string } & { readonly window: string };

const PLACEHOLDER = /\$([A-Za-z_]\w*)/g;

/** What is wrong with the placeholders of a query, in words; undefined: nothing is. */
export function placeholderProblem(promql: string): string | undefined {
  for (const { name, quote } of occurrences(promql)) {
    if (name === 'window') {
      if (quote !== null) return '$window stands for a duration: write it outside of quotes, as [$window]';
    } else if (!isStringName(name)) {
      return `there is no $${name}; there are $lifecycle, $release, $step, $group and $window`;
    } else if (quote !== '"')
      return `$${name} stands for a text: write it in double quotes, as ${name}="$${name}"`;
  }
  return undefined;
}

/** The query with its placeholders filled; texts are escaped as a double-quoted string of PromQL needs it. */
export function fillIn(promql: string, filling: Filling): string {
  return promql.replace(PLACEHOLDER, (whole, name: string) => {
    if (name === 'window') return filling.window;
    return isStringName(name) ? JSON.stringify(filling[name]).slice(1, -1) : whole;
  });
}

function isStringName(name: string): name is StringName {
  return STRINGS.some((known) => known === name);
}

type Quote = '"' | "'" | '`';

/** Each placeholder with the quotes it stands in; null: in none. What a comment says does not count. */
function occurrences(promql: string): { name: string; quote: Quote | null }[] {
  const found: { name: string; quote: Quote | null }[] = [];
  const tokens = /\\.|["'`\n#]|\$([A-Za-z_]\w*)/g;
  let quote: Quote | null = null;
  let comment = false;
  for (const [token, name] of promql.matchAll(tokens)) {
    if (token === '\n') comment = false;
    else if (comment) continue;
    else if (name !== undefined) found.push({ name, quote });
    else if (token === '#') comment = quote === null;
    else if (isQuote(token)) quote = quote === null ? token : quote === token ? null : quote;
  }
  return found;
}

function isQuote(token: string): token is Quote {
  return token === '"' || token === "'" || token === '`';
}

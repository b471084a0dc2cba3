/** Rules of the operating model: plain comparisons of facts, combined. There is no expression language. */
export const OPERATORS = ['=', '!=', '>=', 'in', 'includes'] as const;
export type Comparison = {
  readonly fact: string;
  /** `>=` is for facts of type `scale`, `includes` for `several`. */
  readonly op: (typeof OPERATORS)[number];
  readonly value: string | readonly string[];
};
export type Expression =
  | Comparison
  | { readonly all: readonly Expression[] }
  | { readonly any: readonly Expression[] }
  | { readonly not: Expression };

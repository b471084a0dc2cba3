/** Who can run the journey: the lifecycle, or the hand-written workflow with as many updates and activities. */
export interface Contestant {
  /**
   * Runs one journey from its start to the end of its workflow and answers with the workflow's id; tells each
   * of its five decisions' round trip in milliseconds.
   */
  journey(decided: (ms: number) => void): Promise<string>;
}

/** The journey's decisions, in order. */
export const DECISIONS = ['comment', 'decide', 'assess-risk', 'extend-pilot', 'end-pilot'] as const;
export type Decision = (typeof DECISIONS)[number];

/** Its five effects: told of the request, approvers confirmed, exposed as candidate, as serving, to nobody. */
export type Effect = 'told-1' | `exposed-${1 | 2 | 3}`;

/** The effect that people have seen before they decide; the same for both contestants. */
export const SEEN_BEFORE: { readonly [D in Decision]: Effect | null } = {
  comment: 'told-1',
  decide: null,
  'assess-risk': 'exposed-2',
  'extend-pilot': null,
  'end-pilot': null,
};

/** Where activities say that an effect has taken place, and the journey waits for it. */
export class EffectsSeen {
  readonly #seen = new Map<string, { seen: Promise<void>; see: () => void }>();
  readonly #counts = new Map<string, number>();

  /** Counts one effect of a workflow. */
  count(id: string, kind: 'told' | 'exposed'): void {
    const counter = `${id} ${kind}`;
    const n = (this.#counts.get(counter) ?? 0) + 1;
    this.#counts.set(counter, n);
    this.#of(`${counter}-${n}`).see();
  }

  wait(id: string, effect: Effect): Promise<void> {
    return this.#of(`${id} ${effect}`).seen;
  }

  #of(key: string) {
    const known = this.#seen.get(key);
    if (known !== undefined) return known;
    let see = (): void => undefined;
    const seen = new Promise<void>((resolve) => {
      see = resolve;
    });
    const made = { seen, see };
    this.#seen.set(key, made);
    return made;
  }
}

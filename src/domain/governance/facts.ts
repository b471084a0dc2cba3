/** One question of the risk assessment, as the operating model states it. */
export interface Fact {
  readonly id: string;
  readonly question: string;
  /**
   * `scale`: answers run mild to severe and compare by order. `kind`: the first answer is the
   * mildest, the others are different in nature and only compare for equality. `several`: any number
   * of answers at once, an empty list meaning none.
   */
  readonly type: 'scale' | 'kind' | 'several';
  readonly answers: readonly string[];
}

/** Answers by fact id: a word, `unsure`, or a list for a fact of type `several`. */
export type Facts = { readonly [fact: string]: string | readonly string[] };

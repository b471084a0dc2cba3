import { canonicalForm } from '../../../domain/digest.js';
import type { Json } from '../../../domain/json.js';
import type { Allocation } from '../../../domain/release/allocation.js';

/** One flag of flagd's form. */
export type Flag = { readonly [field: string]: Json };

/** What an applied effect is remembered by in the flag that it set. */
export interface FlagRecord {
  readonly lifecycle: string;
  readonly effectKey: string;
  readonly fence: number;
  readonly allocation: Allocation;
  readonly appliedAt: number;
}

/** Shares are whole numbers in flagd, so they are hundredths of a percent; what is finer is served by the fallback. */
const WHOLE = 10_000;
const weight = (percent: number): number => Math.floor(percent * 100 + 1e-6);

/** No share for whoever does not say, in the context, that the person is in the cohort. */
function within(cohort: Allocation['cohort'], share: Json, otherwise: string): Json {
  if (cohort === null) return share;
  return { if: [{ '==': [{ var: 'airworthyCohort' }, cohort.digest] }, share, otherwise] };
}

/**
 * The flags of a lifecycle that serve an allocation: `name` says which release serves a case, or `fallback`;
 * `name.shadow` which one gets a copy of it, or `none`; `name.review` whether a person reviews every case.
 */
export function flagsOf(name: string, record: FlagRecord): { readonly [flag: string]: Flag } {
  const { candidate, serving, cohort, review } = record.allocation;
  const exposed = candidate && !candidate.shadow ? candidate : null;
  const shadow = candidate?.shadow ? candidate : null;
  return {
    [name]: {
      state: 'ENABLED',
      variants: {
        ...(exposed && { candidate: exposed.release }),
        ...(serving && { serving: serving.release }),
        fallback: 'fallback',
      },
      // Of every case that cannot be put into a share, such as one without a targeting key.
      defaultVariant: 'fallback',
      ...targeting(cohort, 'fallback', [
        ['candidate', weight(exposed?.percent ?? 0)],
        ['serving', weight(serving?.percent ?? 0)],
      ]),
      metadata: {
        lifecycle: record.lifecycle,
        effectKey: record.effectKey,
        fence: record.fence,
        appliedAt: record.appliedAt,
        allocation: canonicalForm(record.allocation),
      },
    },
    [`${name}.shadow`]: {
      state: 'ENABLED',
      variants: { ...(shadow && { shadow: shadow.release }), none: 'none' },
      defaultVariant: 'none',
      ...targeting(cohort, 'none', [['shadow', weight(shadow?.percent ?? 0)]]),
    },
    [`${name}.review`]: {
      state: 'ENABLED',
      variants: { normal: 'normal', all: 'all' },
      defaultVariant: review,
    },
  };
}

/**
 * Without a bucket of our own: flagd's is the flag and the targeting key, and there is none for a case without a key. The
 * candidate's comes first, so that whoever is in a rising share stays in it.
 */
function targeting(
  cohort: Allocation['cohort'],
  rest: string,
  shares: readonly (readonly [variant: string, weight: number])[],
): { readonly targeting?: Json } {
  const given = shares.filter(([, each]) => each > 0);
  if (given.length === 0) return {};
  const left = WHOLE - given.reduce((sum, [, each]) => sum + each, 0);
  const all = left > 0 ? [...given, [rest, left] as const] : given;
  const share = { fractional: all.map(([variant, each]) => [variant, each]) };
  return { targeting: within(cohort, share, rest) };
}

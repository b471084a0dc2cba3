import type { Fact, Facts } from '../governance/facts.js';
import { couldHold } from '../governance/possible-facts.js';
import type { EvidenceRule } from '../policy.js';
import type { ClauseId, CompiledSpec } from './spec.js';

/** One kind of evidence that is asked for. */
export interface Requirement {
  readonly kind: string;
  /** The gate or rollout step it must be there for. */
  readonly before: string;
  /** Milliseconds; null: however old. */
  readonly maxAge: number | null;
  readonly independent: boolean;
  /** The spec clause that asks, or null where the operating model does. */
  readonly clause: ClauseId | null;
}

/** Everything that is asked for: the model's kinds as far as the facts could ask for them, then the spec's own. */
export function evidenceChecklist(
  rules: readonly EvidenceRule[],
  spec: Pick<CompiledSpec, 'evidence'> | null,
  facts: { readonly given: Facts; readonly known: readonly Fact[] },
): Requirement[] {
  const byModel = rules
    .filter(({ when }) => !when || couldHold(when, facts.given, facts.known))
    .map(({ kind, before, maxAge, from }) => ({
      kind,
      before,
      maxAge,
      independent: from === 'independent',
      clause: null,
    }));
  const bySpec = (spec?.evidence ?? []).map(({ id, kind, before, maxAge, from }) => ({
    kind,
    before,
    maxAge,
    independent: from === 'independent',
    clause: id,
  }));
  return [...byModel, ...bySpec];
}

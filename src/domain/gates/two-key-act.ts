import type { Digest } from '../digest.js';
import type { Control } from '../governance/control.js';
import type { Facts } from '../governance/facts.js';
import type { OperatingModel, StepKind } from '../policy.js';
import type { CauseClass, GateName, Instant, RuledTier } from '../vocabulary.js';

/** What happens once the second key has turned. The act's digest is the subject of its gate. */
export type TwoKeyAct =
  | {
      readonly type: 'lift-hold';
      readonly hold: string;
      readonly causeClass: CauseClass | null;
      readonly rootCause: Digest | null;
    }
  | { readonly type: 'lower-tier'; readonly tier: RuledTier; readonly reason: Digest }
  | { readonly type: 'correct-facts'; readonly facts: Facts }
  | { readonly type: 'accept-migration'; readonly model: OperatingModel }
  | {
      readonly type: 'lower-materiality';
      readonly change: string;
      readonly materiality: 'minor' | 'material';
      readonly reason: Digest;
    }
  | {
      readonly type: 'break-glass';
      readonly passes:
        | { readonly gate: string; readonly generation: number; readonly subject: Digest }
        | { readonly freeze: string };
      readonly until: Instant;
      readonly reason: Digest;
    }
  | {
      readonly type: 'grant-exception';
      readonly control: Control;
      readonly place: GateName | StepKind;
      readonly delivery: number;
      readonly until: Instant;
      readonly reason: Digest;
    }
  | { readonly type: 'extend-pilot'; readonly endsAt: Instant; readonly reason: Digest };

import type { Digest } from '../digest.js';
import type { StepKind } from '../policy.js';
import type { GateName, Instant } from '../vocabulary.js';

/** What a stricter operating model asks of something that was exposed already, and by when it has to be there. */
export interface Remediation {
  /** Model, version and kind: asked for once, however often it is looked at. */
  readonly id: string;
  /** Kind of evidence. */
  readonly evidence: string;
  /** The gate or step that asks for it of everything new. */
  readonly place: GateName | StepKind;
  readonly model: Digest;
  readonly due: Instant;
  /** Whether it was not there when it was due: what is exposed is held since, and goes on serving. */
  readonly missed: boolean;
}

import type { PolicyEnvelope } from '../../contracts/policy-envelope.js';
import type { PolicyCommandName } from '../../domain/policy-change/commands.js';
import type { ProposalView } from '../../domain/policy-change/view.js';
import type { PolicyInput, PolicyResult } from '../../workflows/messages/policy.js';
import type { Started } from '../lifecycle-gateway.js';

/** What the API asks of the engine about proposed operating models. Every method throws `Problem`. */
export interface PolicyGateway {
  /** Starts a proposal; where the version is taken, answers what it was started with (null: not by this API). */
  propose(input: PolicyInput, startId: string): Promise<Started>;
  /** Sends a command and waits up to five seconds for its outcome. */
  send<N extends PolicyCommandName>(
    name: string,
    version: number,
    command: N,
    envelope: PolicyEnvelope<N>,
  ): Promise<PolicyResult>;
  /** The proposal as it is, open or closed. */
  proposal(name: string, version: number): Promise<ProposalView>;
}

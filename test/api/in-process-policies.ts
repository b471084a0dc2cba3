import type { PolicyGateway } from '../../src/api/policy/policy-gateway.js';
import { Problem, rejected } from '../../src/api/problem.js';
import { parsePolicyEnvelope } from '../../src/contracts/policy-envelope.js';
import type { Json } from '../../src/domain/json.js';
import {
  decidePolicy,
  type PolicyOutcome,
  propose,
  reactPolicy,
} from '../../src/domain/policy-change/decide.js';
import { isOver, type Proposal } from '../../src/domain/policy-change/proposal.js';
import { proposalView } from '../../src/domain/policy-change/view.js';
import { policyWork } from '../../src/domain/policy-change/work.js';
import type { ProposedVersion, Publication, Publications } from '../../src/ports/publications.js';
import { policyId } from '../../src/workflows/messages/policy.js';
import type { MemoryLedger } from './memory-ledger.js';

/** Proposals without Temporal: the same decider as in the workflow, told to the ledger at once. */
export class InProcessPolicies implements PolicyGateway, Publications {
  /** People whom the directory no longer finds eligible. */
  readonly unfit = new Set<string>();
  readonly #proposals = new Map<string, { state: Proposal; readonly startId: string; readonly at: number }>();
  readonly #ledger: MemoryLedger;

  constructor(ledger: MemoryLedger) {
    this.#ledger = ledger;
  }

  propose: PolicyGateway['propose'] = async ({ proposal }, startId) => {
    const id = policyId(proposal.name, proposal.version);
    const known = this.#proposals.get(id);
    if (known !== undefined) return { started: false, startId: known.startId };
    const begun = propose(proposal, Date.now());
    if ('rejected' in begun) throw rejected(begun);
    this.#proposals.set(id, { state: begun.state, startId, at: Date.now() });
    await this.#record(begun.events, begun.state, proposal.proposer);
    return { started: true };
  };

  send: PolicyGateway['send'] = async (name, version, command, envelope) => {
    const kept = this.#of(name, version);
    const read = parsePolicyEnvelope(command, JSON.parse(JSON.stringify(envelope)));
    if (!read.ok) throw new TypeError(`the workflow could not parse it: ${JSON.stringify(read.problems)}`);
    const { actor, payload } = read.envelope;
    const given = { name: command, actor, payload } as Parameters<typeof decidePolicy>[0];
    const events = await this.#take(kept, decidePolicy(given, kept.state, Date.now()), actor.person);
    for (const work of policyWork(kept.state)) {
      if (work.kind !== 'confirm') continue;
      const asked = work.approvers.map(({ person }) => person);
      const ineligible = asked.filter((person) => this.unfit.has(person));
      const report = { type: 'confirmed', generation: work.generation, asked, ineligible } as const;
      await this.#take(kept, reactPolicy(report, kept.state, Date.now()), null);
    }
    return { events, proposal: proposalView(kept.state) };
  };

  proposal: PolicyGateway['proposal'] = async (name, version) => proposalView(this.#of(name, version).state);

  published = async (): Promise<readonly Publication[]> =>
    this.#all(({ status }) => status === 'published').map(({ name, version, digest }) => ({
      name,
      version,
      digest,
      at: 0,
      proven: true,
    }));

  proposed = async (): Promise<readonly ProposedVersion[]> =>
    this.#all(() => true).map((state) => {
      const { name, version, digest, proposer, proposedAt: at } = state;
      return { name, version, digest, proposer, at, open: !isOver(state) };
    });

  #all(which: (state: Proposal) => boolean): Proposal[] {
    return [...this.#proposals.values()].map(({ state }) => state).filter(which);
  }

  #of(name: string, version: number) {
    const kept = this.#proposals.get(policyId(name, version));
    if (kept === undefined) throw new Problem('not-found', `version ${version} of ${name} was not proposed`);
    return kept;
  }

  async #take(kept: { state: Proposal }, outcome: PolicyOutcome, by: string | null): Promise<string[]> {
    if ('rejected' in outcome) throw rejected(outcome);
    const events = await this.#record(outcome.events, outcome.state, by);
    kept.state = outcome.state;
    return events;
  }

  async #record(
    events: Exclude<PolicyOutcome, { rejected: unknown }>['events'],
    { name, version, seq }: Proposal,
    by: string | null,
  ): Promise<string[]> {
    const first = seq - events.length + 1;
    const entries = events.map(({ type, ...data }, index) => ({
      id: `${policyId(name, version)}/${first + index}`,
      lifecycle: null,
      kind: 'policy' as const,
      seq: null,
      at: Date.now(),
      type,
      by,
      command: null,
      data: { name, version, ...data } as Json,
    }));
    await this.#ledger.append(entries);
    return entries.map(({ id }) => id);
  }
}

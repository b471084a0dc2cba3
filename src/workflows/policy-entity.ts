/** A proposal in memory: its state, and what of it the ledger has not got yet; changed together or not at all. */
import type { PolicyEnvelope } from '../contracts/policy-envelope.js';
import { provenOf } from '../contracts/proof/proof.js';
import { parseRootSet } from '../contracts/proof/roots.js';
import type { Signable } from '../contracts/proof/statement.js';
import type { Json } from '../domain/json.js';
import type { PolicyCommandName, PolicyReport } from '../domain/policy-change/commands.js';
import { decidePolicy, type PolicyOutcome, propose, reactPolicy } from '../domain/policy-change/decide.js';
import type { PolicyEvent } from '../domain/policy-change/events.js';
import type { Proposal } from '../domain/policy-change/proposal.js';
import type { Rejection } from '../domain/rejection.js';
import type { Instant, PersonId } from '../domain/vocabulary.js';
import type { LedgerEntry } from '../ports/ledger.js';
import { Belief, saidOf } from './belief.js';
import { failure } from './failures.js';
import { type PolicyCarry, type PolicyInput, policyId } from './messages/policy.js';

const KEPT = 500;
/** The events that a command is about, among those that follow from it. */
const SIGNED: readonly PolicyEvent['type'][] = [
  'PolicyDryRunAttached',
  'PolicyDecisionRecorded',
  'PolicyDecisionRetracted',
  'PolicyPublishing',
];

interface Sent {
  readonly name: string;
  readonly proof: Json | null;
}

export class PolicyEntity {
  readonly belief: Belief;
  #state: Proposal;
  #waiting: readonly LedgerEntry[] = [];
  /** Ids of the commands that were done: Temporal answers a repetition itself, so who sends one again forges. */
  #done: readonly string[] = [];
  #wake = (): void => undefined;

  /** Throws what fails the run where nobody could ever decide on what is proposed. */
  constructor(argument: PolicyInput | PolicyCarry, now: Instant) {
    if ('carry' in argument) {
      this.belief = new Belief(argument.carry.trust);
      this.#state = argument.carry.state;
      this.#done = argument.carry.done;
      return;
    }
    this.belief = new Belief(argument.trust);
    const begun = propose(argument.proposal, now);
    if ('rejected' in begun) throw failure(begun.rejected, begun.reasons);
    this.#state = begun.state;
    this.#record(begun.events, 1, now, argument.proposal.proposer, { name: 'propose', proof: null });
  }

  /** What the next run goes on with. */
  carry(): PolicyCarry {
    return { carry: { state: this.#state, trust: this.belief.trust, done: this.#done } };
  }

  /** Believes other root keys, where one that is believed named them; nothing else changes. */
  takeRoots(message: unknown): void {
    const set = parseRootSet(message);
    if (set !== undefined) this.belief.take(set);
  }

  get state(): Proposal {
    return this.#state;
  }

  /** What the ledger has not got yet, oldest first. */
  get waiting(): readonly LedgerEntry[] {
    return this.#waiting;
  }

  /** Forgets what the ledger has taken. */
  acknowledge(count: number): void {
    this.#waiting = this.#waiting.slice(count);
  }

  /** Notes a change, of the state or of something around it. */
  touch(): void {
    this.#wake();
  }

  /** Resolves with the next change that `touch` notes. */
  nextChange(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Judges a command without doing it. Throws the failure of a message that nobody proved. */
  judge<N extends PolicyCommandName>(
    name: N,
    { id, digest, actor: said, payload, proof }: PolicyEnvelope<N>,
    now: Instant,
  ): PolicyOutcome {
    const lifecycle = policyId(this.#state.name, this.#state.version);
    const signable: Signable = { lifecycle, command: name, id, digest, actor: said, payload };
    const standing = this.belief.of(signable, proof, now);
    if (standing !== 'dev' && standing !== 'verified')
      throw failure('unverified', [{ code: 'unverified', message: saidOf(standing) }]);
    if (this.#done.includes(id)) {
      const message = 'this command was done already; send another under an id of its own';
      throw failure('idempotency-key-reused', [{ code: 'idempotency-key-reused', message }]);
    }
    const actor = { ...said, verified: standing === 'verified' };
    return decidePolicy({ name, actor, payload } as Parameters<typeof decidePolicy>[0], this.#state, now);
  }

  /** Does a command; answers with the ids of the entries that it caused. */
  command<N extends PolicyCommandName>(
    name: N,
    envelope: PolicyEnvelope<N>,
    now: Instant,
  ): readonly string[] | Rejection {
    const judged = this.judge(name, envelope, now);
    if ('rejected' in judged) return judged;
    this.#done = [...this.#done, envelope.id].slice(-KEPT);
    const { person } = envelope.actor;
    return this.#commit(judged, now, person, { name, proof: this.#kept(name, envelope) });
  }

  /** Takes in the outcome of work, or the passing of time; what no longer matters changes nothing. */
  report(report: PolicyReport, now: Instant): void {
    const outcome = reactPolicy(report, this.#state, now);
    if (!('rejected' in outcome) && outcome.events.length > 0) this.#commit(outcome, now, null, null);
  }

  /** What the ledger keeps of a proof: whoever reads it later needs nothing of Temporal. */
  #kept<N extends PolicyCommandName>(
    name: N,
    { id, digest, actor, payload, proof }: PolicyEnvelope<N>,
  ): Json | null {
    if (proof === undefined || this.belief.trust === 'dev') return null;
    const lifecycle = policyId(this.#state.name, this.#state.version);
    return provenOf({ lifecycle, command: name, id, digest, actor, payload }, proof) as unknown as Json;
  }

  #commit(
    { events, state }: Exclude<PolicyOutcome, Rejection>,
    now: Instant,
    by: PersonId | null,
    command: Sent | null,
  ): string[] {
    const first = this.#state.seq + 1;
    this.#state = state;
    return this.#record(events, first, now, by, command);
  }

  #record(
    events: readonly PolicyEvent[],
    first: number,
    at: Instant,
    by: PersonId | null,
    command: Sent | null,
  ): string[] {
    const { name, version } = this.#state;
    const entries = events.map((event, index): LedgerEntry => {
      const { type, ...data } = event;
      const id = `${policyId(name, version)}/${first + index}`;
      const proposal = { name, version };
      return {
        id,
        lifecycle: null,
        kind: 'policy',
        seq: null,
        at,
        type,
        by,
        command: command?.name ?? null,
        data: {
          ...proposal,
          ...data,
          ...(command?.proof && SIGNED.includes(type) && { proof: command.proof }),
        } as Json,
      };
    });
    // A new list: what is being appended must not grow under the append.
    this.#waiting = [...this.#waiting, ...entries];
    this.touch();
    return entries.map(({ id }) => id);
  }
}

/**
 * An exception item in memory: its state, and what of it the ledger and people have not been told yet. Whatever comes
 * in ends in one of the methods that commit.
 */
import type { ItemEnvelope } from '../contracts/item-envelope.js';
import { provenOf } from '../contracts/proof/proof.js';
import type { Trust } from '../contracts/proof/roots.js';
import type { Json } from '../domain/json.js';
import type { Notice } from '../domain/lifecycle/state.js';
import { decideItem, type ItemOutcome, openItem, settleItem } from '../domain/operations/decide-item.js';
import type { ItemEvent, ItemState } from '../domain/operations/item.js';
import type { ItemCommandName } from '../domain/operations/item-commands.js';
import type { Instant } from '../domain/vocabulary.js';
import type { LedgerEntry } from '../ports/ledger.js';
import { Belief, saidOf } from './belief.js';
import { failure } from './failures.js';
import { itemWorkflowId } from './messages/items.js';

/** The commands that reach an item once it is there. */
export type Answerable = 'decide-item' | 'use-item';

export class ItemEntity {
  readonly belief: Belief;
  #state: ItemState;
  #waiting: readonly LedgerEntry[] = [];
  #notices: Notice[] = [];
  #wake = (): void => undefined;

  /** Throws a failure where nothing proves that the API opened it. `at`: when it was started. */
  constructor(opening: ItemEnvelope<'open-item'>, trust: Trust, at: Instant) {
    this.belief = new Belief(trust);
    const { lifecycle } = opening.payload.terms;
    const proof = this.#proven(lifecycle, 'open-item', opening, at);
    const opened = openItem({ name: 'open-item', actor: opening.actor, payload: opening.payload }, at);
    this.#state = opened.state;
    this.#record(opened, 1, at, 'open-item', proof);
  }

  get state(): ItemState {
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

  /** Gives out what people are still to be told, and forgets it. */
  takeNotices(): readonly Notice[] {
    const notices = this.#notices;
    this.#notices = [];
    return notices;
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

  /** Judges a command without doing it. Throws a failure where it is refused. */
  judge<N extends Answerable>(name: N, envelope: ItemEnvelope<N>, now: Instant) {
    const proof = this.#proven(this.#state.lifecycle, name, envelope, now);
    const { actor, payload } = envelope;
    const command = { name, actor, payload } as Parameters<typeof decideItem>[0];
    const judged = decideItem(command, this.#state, now);
    if ('rejected' in judged) throw failure(judged.rejected, judged.reasons);
    return { ...judged, proof };
  }

  /**
   * Does a command and answers with the ids of its entries. Throws a failure where it is refused, also for a try that
   * is recorded and blocked all the same.
   */
  command<N extends Answerable>(name: N, envelope: ItemEnvelope<N>, now: Instant): readonly string[] {
    const judged = this.judge(name, envelope, now);
    const events = this.#commit(judged, now, name, judged.proof);
    if (judged.refused) throw failure(judged.refused.rejected, judged.refused.reasons);
    return events;
  }

  /** Lets happen what is due. */
  settle(now: Instant): void {
    this.#commit(settleItem(this.#state, now), now, null);
  }

  /** What the ledger keeps of the proof; undefined where nobody asks for one. Throws a failure for what is not believed. */
  #proven<N extends ItemCommandName>(
    lifecycle: string,
    command: N,
    envelope: ItemEnvelope<N>,
    now: Instant,
  ): Json | undefined {
    const { proof } = envelope;
    const signable = { lifecycle, command, ...envelope };
    const standing = this.belief.of(signable, proof, now);
    if (standing === 'dev') return undefined;
    if (standing === 'verified') return proof && (provenOf(signable, proof) as unknown as Json);
    throw failure('unverified', [{ code: 'unverified', message: saidOf(standing) }]);
  }

  #commit(outcome: ItemOutcome, now: Instant, command: Answerable | null, proof?: Json): readonly string[] {
    const first = this.#state.seq + 1;
    this.#state = outcome.state;
    return this.#record(outcome, first, now, command, proof);
  }

  #record(
    { events }: ItemOutcome,
    first: number,
    at: Instant,
    command: string | null,
    proof?: Json,
  ): readonly string[] {
    if (events.length === 0) return [];
    const { id: item, lifecycle } = this.#state;
    const entries = events.map(({ event: { type, ...data }, by }, index): LedgerEntry => {
      const n = first + index;
      const id = `${itemWorkflowId(lifecycle, item)}/${n}`;
      // By a command only what its sender caused: what was due before it came of time.
      const caused = by === null ? null : { command, ...(proof !== undefined && { proof }) };
      const { command: name = null, ...proven } = caused ?? {};
      const body = { item, n, ...data, ...proven } as Json;
      return { id, lifecycle, kind: 'item', seq: null, at, type, by, command: name, data: body };
    });
    // A new list: whoever appends holds the old one, and acknowledges exactly what was in it.
    this.#waiting = [...this.#waiting, ...entries];
    const happened = events.map(({ event }) => event);
    this.#notices.push(...noticesOf(this.#state, happened, first));
    this.touch();
    return entries.map(({ id }) => id);
  }
}

/** The second line learns that it has the item, and the owner that an approval was tried on another action. */
function noticesOf(state: ItemState, events: readonly ItemEvent[], first: number): Notice[] {
  return events.flatMap((event, index): Notice[] => {
    const notice = { id: `review/${state.id}/${first + index}`, gate: null };
    if (event.type === 'ItemPassedOn')
      return [{ ...notice, kind: 'escalation', to: [event.to], due: event.settles }];
    // Once: whoever tries a hundred times must not send a hundred messages.
    if (event.type === 'ItemActionDiffered' && state.differed === 1)
      return [{ ...notice, kind: 'information', to: [state.owner], due: null }];
    return [];
  });
}

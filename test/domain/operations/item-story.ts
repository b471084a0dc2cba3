/** Given an item, when people act and time passes, then events or a refusal. */
import { expect } from 'vitest';
import { decideItem, openItem, settleItem } from '../../../src/domain/operations/decide-item.js';
import {
  beginItem,
  evolveItem,
  type ItemEvent,
  type ItemState,
  type ItemTerms,
} from '../../../src/domain/operations/item.js';
import type { Rejection, RejectionCode } from '../../../src/domain/rejection.js';
import type { LedgerEntry } from '../../../src/ports/ledger.js';
import { actor, ONBOARDING_TEAM } from '../../support/decider/people.js';
import { text } from '../../support/decider/story.js';
import { HOUR, ist } from '../../support/decider/time.js';

export const OPENED = ist('2026-11-16 10:00');
export const ACTION = text('clear case 7f3a91');
export const OTHER = text('clear case 7f3a92');

/** Owned by meera, with farah behind her. */
export const TERMS: ItemTerms = {
  lifecycle: 'kyc-onboarding',
  team: ONBOARDING_TEAM.id,
  queue: 'doubtful',
  owner: 'meera',
  function: 'operations',
  secondLine: 'farah',
  due: OPENED + 4 * HOUR,
  settles: OPENED + 8 * HOUR,
  default: 'deny',
  release: null,
};

export class ItemStory {
  state: ItemState;
  now = OPENED;
  readonly recorded: { readonly event: ItemEvent; readonly at: number; readonly by: string | null }[] = [];
  #last: readonly ItemEvent[] = [];
  #refused: Rejection | null = null;

  constructor(terms: Partial<ItemTerms> = {}, by = 'ci', id = 'i-1') {
    const subject = { action: ACTION, clause: 'p1', case: 'case-7f3a91' };
    const payload = { item: id, ...subject, terms: { ...TERMS, ...terms } };
    const opened = openItem({ name: 'open-item', actor: actor(by), payload }, this.now);
    this.state = opened.state;
    this.#record(opened.events);
  }

  after(ms: number): this {
    this.now += ms;
    return this;
  }

  /** Lets the item wake at this moment, as its timer does. */
  wakes(): this {
    this.#refused = null;
    const settled = settleItem(this.state, this.now);
    this.state = settled.state;
    this.#record(settled.events);
    return this;
  }

  decides(person: string, decision: 'approve' | 'deny' = 'approve', action = ACTION): this {
    const payload = { item: this.state.id, action, decision, reason: text('why') };
    return this.#when({ name: 'decide-item', actor: actor(person), payload });
  }

  uses(action = ACTION, person = 'ci'): this {
    return this.#when({ name: 'use-item', actor: actor(person), payload: { item: this.state.id, action } });
  }

  thenEvents(...types: readonly ItemEvent['type'][]): this {
    expect(this.#refused).toBeNull();
    expect(this.#last.map(({ type }) => type)).toEqual(types);
    return this;
  }

  thenRefused(code: RejectionCode, ...types: readonly ItemEvent['type'][]): this {
    expect(this.#refused?.rejected).toBe(code);
    expect(this.#last.map(({ type }) => type)).toEqual(types);
    return this;
  }

  /** The state, made again from what was recorded. */
  folded(): ItemState {
    const [first, ...others] = this.recorded;
    if (first?.event.type !== 'ItemOpened') throw new Error('it was not opened');
    const begun = beginItem(this.state.id, this.state.lifecycle, first.event, first.by ?? '', first.at);
    return others.reduce((state, { event, at, by }) => evolveItem(state, event, at, by), begun);
  }

  /** As the ledger has it. */
  get entries(): readonly LedgerEntry[] {
    const { lifecycle, id: item } = this.state;
    return this.recorded.map(({ event: { type, ...data }, at, by }, index) => ({
      id: `review/${lifecycle}/${item}/${index + 1}`,
      lifecycle,
      kind: 'item',
      seq: null,
      at,
      type,
      by,
      command: null,
      data: { item, n: index + 1, ...data },
    }));
  }

  #when(command: Parameters<typeof decideItem>[0]): this {
    const judged = decideItem(command, this.state, this.now);
    if ('rejected' in judged) {
      this.#refused = judged;
      this.#last = [];
      return this;
    }
    this.#refused = judged.refused ?? null;
    this.state = judged.state;
    this.#record(judged.events);
    return this;
  }

  #record(events: readonly { readonly event: ItemEvent; readonly by: string | null }[]): void {
    this.#last = events.map(({ event }) => event);
    this.recorded.push(...events.map(({ event, by }) => ({ event, by, at: this.now })));
  }
}

/** What an operator sees in the Temporal UI without asking: search attributes and current details. */

import { defineSearchAttributeKey, type SearchAttributeUpdatePair } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { searchAttributes } from '../contracts/search-attributes.js';
import { formatLocal } from '../domain/calendar/local.js';
import { deliveryOf } from '../domain/lifecycle/delivery.js';
import { calendarOf, effectiveTier } from '../domain/lifecycle/rules.js';
import type { State } from '../domain/lifecycle/state.js';
import type { Waiting } from '../domain/lifecycle/view.js';
import { waitingOn } from '../domain/lifecycle/waiting-on.js';
import { exposedPercent } from '../domain/release/exposure.js';
import type { Instant } from '../domain/vocabulary.js';

type Name = keyof typeof searchAttributes;
type Value = string | number | boolean | Date | readonly string[] | null;

/** A longer keyword would make the visibility store fail again and again. */
const MAX_KEYWORD = 255;
const MAX_WAITING = 20;
/** Lists are this late at most: an upsert is a write of its own, and what follows at once needs only one. */
const LATE_MS = 2_000;

function nextDue(waiting: readonly Waiting[]): Instant | null {
  const dues = waiting.flatMap(({ due }) => due ?? []);
  return dues.length > 0 ? Math.min(...dues) : null;
}

/** The values of all search attributes; null removes one. */
function attributesOf(state: State, waiting: readonly Waiting[]): { readonly [N in Name]: Value } {
  const exposed = exposedPercent(state);
  const due = nextDue(waiting);
  return {
    AwStage: state.stage,
    AwMode: state.mode,
    AwTier: effectiveTier(state.tier),
    AwTeam: state.team.id.slice(0, MAX_KEYWORD),
    AwRelease: state.serving?.release.label ?? null,
    AwWaitingOn: [...new Set(waiting.map(({ who }) => who.slice(0, MAX_KEYWORD)))].slice(0, MAX_WAITING),
    AwNextDue: due === null ? null : new Date(due),
    AwHeld: state.holds.length > 0,
    AwExposure: exposed === 'unknown' ? null : exposed,
  };
}

function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>|#]/g, '\\$&');
}

/** Markdown's hard line break. The UI's frame for details is a few lines high, so the card is compact. */
const LINE = '  \n';

/** The card of a lifecycle in words, beginning with its title. */
function detailsOf(state: State, waiting: readonly Waiting[], link: string): string {
  const calendar = calendarOf(state);
  const delivery = deliveryOf(state);
  const local = (at: Instant) => formatLocal(calendar, at);
  const change = delivery?.change
    ? `, ${delivery.change.id} (${delivery.change.materiality}) in ${delivery.step}`
    : '';
  const exposed = exposedPercent(state);
  const since = (gate: string | null) => {
    const clock = gate === null ? undefined : state.gates[gate]?.clock;
    return clock ? `, since ${local(clock.startedAt)}` : '';
  };
  const waits = waiting.map(
    ({ who, what, gate, due }) =>
      `Waits for **${escaped(who)}**: ${escaped(what)}${since(gate)}${due === null ? '' : `, due ${local(due)}`}`,
  );
  const holds = state.holds.map(
    ({ id, source, effect, at }) => `Held by ${id}: ${source}, ${effect}, since ${local(at)}`,
  );
  const frozen = state.findings.map(
    ({ kind, gate, detail, at }) =>
      `Frozen at ${gate === null ? 'every gate' : escaped(gate)}: ${kind}, ${escaped(detail)}, since ${local(at)}`,
  );
  const stands = `**${state.stage}**${change}, ${state.mode}, tier ${effectiveTier(state.tier)} (rule ${state.tier.rule})`;
  const serving = `serving ${state.serving?.release.label ?? 'the manual fallback'}`;
  return [
    `**${escaped(state.title)}**`,
    `${stands} · ${serving} · exposure ${exposed === 'unknown' ? 'unknown until read back' : `${exposed} %`}`,
    ...(waits.length > 0 ? waits : ['Waits for nothing: it is over']),
    ...holds,
    ...frozen,
    ...(link === '' ? [] : [`[Open in Airworthy](${link})`]),
  ].join(LINE);
}

/**
 * Shows a state: in the details at once, in the search attributes with the next append to the ledger, all that
 * changed in one call.
 */
export class Appearance {
  #shown: { [N in Name]?: string | undefined } = {};
  readonly #link: string;
  /** When what lists do not show yet will be shown at the latest; null when they show everything. A new run: at once. */
  showsAt: Instant | null = 0;

  constructor(link: string) {
    this.#link = link;
    for (const { key, value } of workflowInfo().typedSearchAttributes.getAll()) {
      if (key.name in searchAttributes) this.#shown[key.name as Name] = JSON.stringify(value);
    }
  }

  show(state: State, now: Instant, appending: boolean): void {
    const waiting = waitingOn(state, now);
    setCurrentDetails(detailsOf(state, waiting, this.#link));
    const changed = this.#changes(attributesOf(state, waiting));
    this.showsAt = changed.length === 0 ? null : (this.showsAt ?? now + LATE_MS);
    if (this.showsAt === null || (!appending && now < this.showsAt)) return;
    this.showsAt = null;
    for (const { name, text } of changed) this.#shown[name] = text;
    upsertSearchAttributes(changed.map(({ pair }) => pair));
  }

  #changes(wanted: ReturnType<typeof attributesOf>) {
    return (Object.keys(searchAttributes) as Name[]).flatMap((name) => {
      const value = wanted[name];
      const text = value === null ? undefined : JSON.stringify(value);
      if (text === this.#shown[name]) return [];
      const pair = { key: defineSearchAttributeKey(name, searchAttributes[name]), value };
      return [{ name, text, pair: pair as SearchAttributeUpdatePair }];
    });
  }
}

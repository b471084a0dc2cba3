import { describe, expect, test, vi } from 'vitest';
import type { Payloads } from '../../../src/domain/commands/payloads.js';
import { reportBreach } from '../../../src/domain/live/alerts.js';
import {
  approve,
  held,
  openTaxChange,
  rollout,
  taxEvidence,
  taxInCanary,
  taxLive,
} from '../../support/decider/acts.js';
import { guardSees, seen, watches } from '../../support/decider/guarding.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { HOUR } from '../../support/decider/time.js';
import { tax } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const live = () => taxLive(given(tax(), START));

/** What an alert says of c1. */
function report(story: Story, changes: Partial<Payloads['report-breach']> = {}, by = 'ci'): Story {
  const said = {
    clause: 'c1',
    status: 'firing',
    startsAt: story.now - HOUR,
    alert: 'a1',
    value: 0.004,
  } as const;
  return story.when('report-breach', { ...said, ...changes }, by);
}

test('an alert counts like a finding of the guard: the clause does what it says', () => {
  const story = report(live()).thenAccepted();
  story.thenEvents(['BreachObserved', 'RolledBack', 'HoldPlaced', 'ExposureRequested', 'ExposureConfirmed']);
  expect(story.the('BreachObserved')).toMatchObject({
    clause: 'c1',
    alert: 'a1',
    value: 0.004,
    limit: 0.001,
    n: null,
    window: null,
    since: story.now - HOUR,
    action: 'roll-back',
  });
});

test('operations may say it, a stranger to it may not', () => {
  report(live(), {}, 'omkar').thenAccepted();
  report(live(), {}, 'leena').thenRejected('not-permitted');
});

describe('the same alert five times is one transition', () => {
  test('the same firing', () => {
    const story = live();
    const startsAt = story.now;
    report(story, { clause: 'c2', startsAt }).thenAccepted();
    const events = story.events.length;
    for (let time = 0; time < 4; time++) report(story.after(HOUR), { clause: 'c2', startsAt });
    expect(story.events.slice(events).filter(({ type }) => type === 'BreachObserved')).toEqual([]);
  });

  test('another firing of a clause that is known to be breached', () => {
    const story = given(tax(), START);
    taxLive(story);
    guardSees(story, seen('breach', story, 'c2'));
    expect(story.state.serving).toBeNull();
    report(story).thenRejected('wrong-stage', 'release');
  });

  test('what the guard knows already', () => {
    const story = taxInCanary(given(tax(), START)).after(HOUR);
    report(story, { clause: 'c9' }).thenRejected('not-found', 'clause');
    report(story).thenAccepted();
    expect(rollout(story).phase.name).toBe('rolled-back');
    report(story).thenRejected('wrong-stage');
  });

  test('a firing that was acted on is not acted on again once a person has lifted its hold', () => {
    const story = live();
    openTaxChange(story, 'r2', ['prompt.tone']);
    taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
    approve(story, 'change', 'chitra');
    const startsAt = story.now;
    report(story, { release: 'r2', startsAt }).thenAccepted();
    expect(story.the('RolledBack').what).toBe('candidate');
    report(story, { startsAt }).thenRejected('unchanged', 'a1');
    expect(story.state.serving?.release.label).toBe('r1');
  });
});

describe('which release', () => {
  test('the one it names', () => {
    report(live(), { release: 'r7' }).thenRejected('wrong-stage', 'release');
    report(live(), { release: 'r1' }).thenAccepted();
  });

  test('a candidate that its rollout judges: it does not wait for the window to end', () => {
    const story = taxInCanary(given(tax(), START)).after(HOUR);
    expect(watches(story)).toEqual([]);
    report(story, { release: 'r1' }).thenAccepted();
    expect(story.the('RolledBack').what).toBe('candidate');
    expect(held(story)).toEqual(['rollback:forward']);
  });

  test('none, where it began before this exposure did', () => {
    const story = live();
    const since = story.state.watch.exposed[0]?.since ?? 0;
    report(story, { startsAt: since - 1 }).thenRejected('unchanged', 'a1');
    report(story, { startsAt: since }).thenAccepted();
  });

  test('where several are exposed, it has to name one', () => {
    const story = openTaxChange(live(), 'r2', ['prompt.tone']);
    taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
    approve(story, 'change', 'chitra');
    report(story, { startsAt: story.now }).thenRejected('incomplete', 'release');
  });

  test('none, when nobody is exposed', () => {
    const story = live().when('stop-ship', { scope: 'serving', reason: text('fire') }, 'tara');
    report(story).thenRejected('wrong-stage', 'release');
  });
});

describe('which group', () => {
  test('one that the clause is judged by, and none where it is judged by none', () => {
    report(live(), { group: 'young' }).thenRejected('not-found', 'group');
    const { state } = live();
    const serving = state.serving;
    if (!serving) throw new Error('nothing serves');
    const checks = serving.spec.spec.checks.map((one) => ({ ...one, by: ['young', 'old'] }));
    const spec = { ...serving.spec, spec: { ...serving.spec.spec, checks } };
    const draft = { state: { ...state, serving: { ...serving, spec } }, now: 0, emit: () => undefined };
    const told = { clause: 'c1', status: 'firing', startsAt: 0, alert: 'a1', value: null } as const;
    const said = (more: object) =>
      reportBreach(draft as never, { payload: { ...told, ...more } } as never)?.reasons[0];
    expect(said({})).toMatchObject({ code: 'incomplete', fact: 'group' });
    expect(said({ group: 'tall' })).toMatchObject({ code: 'not-found', fact: 'group' });
    expect(said({ group: 'old' })).toMatchObject({ code: 'unchanged' });
  });
});

describe('resolved', () => {
  test('a breach ends also where its clause is judged no more', () => {
    const { state } = live();
    const exposed = state.watch.exposed.map((one) => ({
      ...one,
      breaches: [{ clause: 'c9', group: 'old', at: 1, alert: 'a1' }],
    }));
    const emit = vi.fn();
    const payload = { clause: 'c9', status: 'resolved', startsAt: 0, alert: 'a1', value: null };
    const draft = { state: { ...state, watch: { ...state.watch, exposed } }, now: 2, emit };
    expect(reportBreach(draft as never, { payload } as never)).toBeUndefined();
    expect(emit.mock.calls).toMatchObject([[{ type: 'BreachEnded', clause: 'c9', group: 'old' }]]);
  });

  test('a clause that the spec does not watch is refused, with those that it does', () => {
    report(live(), { clause: 'c9', status: 'resolved' }).thenRejected('not-found', 'clause');
  });

  test('ends what this alert began, and nothing else', () => {
    const story = live();
    const breaches = () => story.state.watch.exposed[0]?.breaches ?? [];
    guardSees(story, seen('breach', story, 'c3'));
    expect(breaches()).toEqual([]);
    report(story, { status: 'resolved' }).thenRejected('unchanged', 'a1');
  });
});

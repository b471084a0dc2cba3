import { describe, expect, test } from 'vitest';
import { dryRun } from '../../../src/domain/migration/dry-run.js';
import type { OperatingModel } from '../../../src/domain/policy.js';
import {
  answers,
  approve,
  evidence,
  gate,
  held,
  specify,
  taxInCanary,
  taxInReview,
  taxLive,
  wanted,
} from '../../support/decider/acts.js';
import { checkFold } from '../../support/decider/check-fold.js';
import { begin, keyGate, kinds, migrate, next, START } from '../../support/decider/migrating.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY } from '../../support/decider/time.js';
import { modelWith, pilot, tax, taxSpec } from '../../support/decider/use-cases.js';

describe('a lifecycle goes over to a published version by two keys', () => {
  test('the first key opens a gate on the act, and nothing else changes', () => {
    const story = begin();
    story.when('accept-migration', { model: next(story, 'more evidence') }, 'hari').thenAccepted();
    story.thenEvents(['GateOpened', 'DecisionRecorded']);
    expect(story.state.model.version).toBe(1);
    expect(gate(story, keyGate(story)).seats.map(({ id }) => id)).toEqual(['technicalOwner', 'governance']);
  });

  test('the second makes the new version rule', () => {
    const story = begin();
    const model = next(story, 'more evidence');
    migrate(story, model);
    expect(story.the('OperatingModelMoved')).toMatchObject({ from: { version: 1 }, why: 'migration' });
    expect(story.state.model).toEqual(model);
    checkFold(story);
  });

  test('keeps a calendar that was replaced since and reaches further than its own', () => {
    const story = begin();
    const known = story.state.model.calendars[story.state.team.calendar];
    if (known === undefined) throw new Error('the team has no calendar');
    const calendar = { ...known, version: '2031.1', validThrough: known.validThrough + 365 * DAY };
    const model = next(story, 'more evidence');
    story.when('update-calendar', { calendar }, 'divya').thenAccepted();
    migrate(story, model);
    expect(story.state.model).toEqual({ ...model, calendars: { ...model.calendars, [known.id]: calendar } });
    checkFold(story);
  });

  test.each<[string, (model: OperatingModel) => OperatingModel, string, string]>([
    ['the version that rules', (model) => model, 'unchanged', 'version'],
    [
      'an older one',
      (model) => ({ ...model, version: 0, digest: text('old') }),
      'no-such-version',
      'version',
    ],
    [
      'another model',
      (model) => ({ ...model, name: 'lax', version: 9, digest: text('lax') }),
      'no-such-version',
      'version',
    ],
  ])('%s is refused', (_, change, code, fact) => {
    const story = begin();
    story.when('accept-migration', { model: change(story.state.model) }, 'hari');
    story.thenRejected(code as 'unchanged', fact);
  });

  test('a version with a gate that nobody could pass is refused, naming the seat', () => {
    const story = begin();
    const model = modelWith(({ version, rules }) => {
      expect(version).toBe(1);
      for (const rule of Object.values(rules.governed.medium.gates)) {
        rule.seats = ['product', ...Array.from({ length: 9 }, () => 'risk' as const)];
      }
    });
    story
      .when('accept-migration', { model: { ...model, version: 2 } }, 'hari')
      .thenRejected('unstaffed', 'risk-2');
    expect(story.state.model.version).toBe(1);
  });

  test('who edits the new version turns no key for it', () => {
    const story = begin();
    story.when('accept-migration', { model: next(story, 'an editor') }, 'gita').thenRejected('excluded');
    story.when('accept-migration', { model: next(story, 'an editor') }, 'hari').thenAccepted();
    answers(story, keyGate(story), 'gita', 'approve').thenRejected('excluded');
    answers(story, keyGate(story), 'lata', 'approve').thenAccepted();
    expect(story.state.model.editors).toEqual(['gita']);
  });

  test('a first key whose version another migration has passed by does nothing', () => {
    const story = begin();
    story.when('accept-migration', { model: next(story, 'another SLA') }, 'hari').thenAccepted();
    const stale = keyGate(story);
    const model = { ...next(story, 'more evidence'), version: 3 };
    story.when('accept-migration', { model }, 'hari').thenAccepted();
    const newer = Object.keys(story.state.gates).find((id) => id !== stale) ?? '';
    answers(story, newer, 'gita', 'approve').thenAccepted();
    answers(story, stale, 'gita', 'approve').thenAccepted();
    expect(story.state.model.version).toBe(3);
  });
});

describe('what is being decided', () => {
  test('a version that changes no rule of it leaves every decision standing', () => {
    const story = taxInReview(begin());
    approve(story, 'readiness', 'leena');
    expect(kinds(dryRun(story.state, next(story, 'same'), story.now))).toEqual([]);
    migrate(story, next(story, 'same'));
    expect(story.all('DecisionVoided')).toEqual([]);
    expect(gate(story, 'readiness').decisions.map(({ person }) => person)).toEqual(['leena']);
  });

  test('more seats void what was decided, and the gate asks again on the same subject', () => {
    const story = begin();
    specify(story, taxSpec(), 'hari');
    answers(story, 'specification', 'leena', 'approve');
    const { subject } = gate(story, 'specification');
    const model = next(story, 'another seat');
    expect(kinds(dryRun(story.state, model, story.now))).toContain('seats');
    migrate(story, model);
    expect(story.all('DecisionVoided').map(({ voided }) => voided.person)).toEqual(['leena']);
    expect(gate(story, 'specification')).toMatchObject({ generation: 2, subject, decisions: [] });
    expect(story.the('GateOpened').reaffirm).toEqual(['leena']);
    checkFold(story);
  });

  test('new evidence sends it back for exactly that evidence, and the review opens once it is there', () => {
    const story = taxInReview(begin());
    approve(story, 'readiness', 'leena');
    const model = next(story, 'more evidence');
    const listed = dryRun(story.state, model, story.now);
    expect(listed).toContainEqual(
      expect.objectContaining({ kind: 'evidence', evidence: 'bias-test', place: 'readiness' }),
    );
    expect(listed).toContainEqual(expect.objectContaining({ kind: 'decision', person: 'leena' }));
    migrate(story, model);
    expect(story.the('DeliveryReturned').why).toBe('operating model standard 2 asks for evidence: bias-test');
    story.when('submit-for-review', {}, 'hari');
    expect(story.rejection?.reasons.map(({ code, fact }) => [code, fact])).toEqual([
      ['evidence-missing', 'bias-test'],
    ]);
    story.when('add-evidence', evidence(story, 'bias-test'), 'ci').thenAccepted();
    story.when('submit-for-review', {}, 'hari').thenAccepted();
    expect(gate(story, 'readiness').decisions).toEqual([]);
  });

  test('a gate that falls away is not waited for', () => {
    const story = begin();
    specify(story, taxSpec(), 'hari');
    const model = next(story, 'no specification gate');
    expect(dryRun(story.state, model, story.now)).toContainEqual(
      expect.objectContaining({ kind: 'gate-dropped', gate: 'specification' }),
    );
    migrate(story, model);
    expect(story.state).toMatchObject({ stage: 'implementation', gates: {} });
  });

  test('a spec that the new rules ask more of is drafted anew', () => {
    const story = begin();
    specify(story, taxSpec(), 'hari');
    approve(story, 'specification', 'leena');
    const model = modelWith(({ rules }) => {
      for (const rule of Object.values(rules.governed.medium.gates))
        rule.seats = ['product', 'governance', 'risk'];
    });
    const second = { ...model, version: 2 };
    const listed = dryRun(story.state, second, story.now);
    expect(listed).toContainEqual(
      expect.objectContaining({ kind: 'returned', message: 'its spec has to be drafted anew' }),
    );
    migrate(story, second);
    expect(story.all('DecisionVoided').map(({ voided }) => voided.person)).toEqual(['leena']);
    expect(story.state).toMatchObject({
      stage: 'specification',
      gates: {},
      delivery: { draft: null, submitted: null },
    });
    specify(story, taxSpec(), 'hari');
    expect(gate(story, 'specification').seats).toHaveLength(3);
  });

  test('an editor of the new version loses the say, and nobody else does', () => {
    const story = taxInReview(begin());
    approve(story, 'readiness', 'leena');
    const model = { ...next(story, 'same'), editors: ['leena'] };
    migrate(story, model);
    expect(story.all('DecisionVoided').map(({ voided }) => voided.person)).toEqual(['leena']);
    expect(gate(story, 'readiness')).toMatchObject({ generation: 1 });
    answers(story, 'readiness', 'leena', 'approve').thenRejected('excluded');
    answers(story, 'readiness', 'neha', 'approve').thenAccepted();
  });

  test('an SLA that changed holds for what is opened from then on', () => {
    const story = taxInReview(begin());
    const { due } = gate(story, 'readiness').clock;
    const model = next(story, 'another SLA');
    expect(dryRun(story.state, model, story.now)).toContainEqual(
      expect.objectContaining({
        kind: 'sla',
        gate: 'readiness',
        before: { unit: 'bh', n: 8 },
        after: { unit: 'bd', n: 7 },
      }),
    );
    migrate(story, model);
    expect(gate(story, 'readiness').clock.due).toBe(due);
    answers(story, 'readiness', 'gita', 'request-changes', { clauses: ['c1'] });
    specify(story, taxSpec({ purpose: 'Another.' }), 'hari');
    expect(gate(story, 'specification').clock.due - story.now).toBeGreaterThan(6 * DAY);
  });

  test('other hours move what is pending, visibly', () => {
    const story = taxInReview(begin());
    const before = gate(story, 'readiness').clock.due;
    migrate(story, next(story, 'longer hours'));
    expect(story.all('GateClockMoved').map(({ gate: id, why }) => [id, why])).toContainEqual([
      'readiness',
      'calendar',
    ]);
    expect(gate(story, 'readiness').clock.due).toBeLessThanOrEqual(before);
  });
});

describe('what was approved and has exposed nobody', () => {
  const approved = () => {
    const story = given(
      tax({
        model: modelWith(({ rules }) => {
          rules.governed.medium.rollout.start = 'by-command';
        }),
      }),
      START,
    );
    return approve(taxInReview(story), 'readiness', 'leena', 'gita');
  };

  test('is asked for again where it newly needs more', () => {
    const story = approved();
    const model = next(story, 'another seat');
    expect(dryRun(story.state, model, story.now).filter(({ kind }) => kind === 'decision')).toHaveLength(2);
    migrate(story, model);
    expect(story.all('DecisionVoided').map(({ voided }) => voided.person)).toEqual(['leena', 'gita']);
    expect(story.state.stage).toBe('review');
    expect(gate(story, 'readiness').seats).toHaveLength(3);
  });

  test('stands where it needs nothing more', () => {
    const story = approved();
    migrate(story, next(story, 'fewer seats'));
    expect(story.state.stage).toBe('release');
    expect(story.all('DecisionVoided')).toEqual([]);
  });
});

describe('what is exposed already gets a time to meet a stricter rule, and goes on', () => {
  test.each<[string, () => Story]>([
    ['a live release', () => taxLive(begin())],
    ['a canary', () => taxInCanary(begin())],
  ])('%s', (_, reach) => {
    const story = reach();
    const before = wanted(story);
    const model = next(story, 'more evidence');
    const [listed] = dryRun(story.state, model, story.now).filter(({ kind }) => kind === 'remediation');
    migrate(story, model);
    const { remediation } = story.the('RemediationSet');
    expect(listed).toMatchObject({ evidence: 'bias-test', due: remediation.due });
    expect(remediation.due - story.now).toBeGreaterThan(25 * DAY);
    expect(wanted(story)).toEqual(before);
    expect(held(story)).toEqual([]);
    checkFold(story);
  });

  test('the evidence closes it, and nothing was held', () => {
    const story = taxLive(begin());
    migrate(story, next(story, 'more evidence'));
    const about = story.state.serving ? [story.state.serving.release.digest] : [];
    story.when('add-evidence', evidence(story, 'bias-test', {}, { about }), 'ci').thenAccepted();
    story.the('RemediationMet');
    expect(story.state.remediations).toEqual([]);
    expect(held(story.after(60 * DAY))).toEqual([]);
  });

  test('missed, it holds what moves forward, and serving goes on', () => {
    const story = taxLive(begin());
    migrate(story, next(story, 'more evidence'));
    story.at(story.state.remediations[0]?.due ?? 0);
    story.the('RemediationMissed');
    expect(held(story)).toEqual(['policy:forward']);
    expect(wanted(story)).toEqual({ candidate: null, serving: 100 });
    story.after(DAY);
    expect(story.all('RemediationMissed')).toEqual([]);
  });

  test('a shorter term ends no sooner than a remediation is due', () => {
    const story = taxLive(begin());
    const until = story.state.serving?.approval.serveUntil ?? 0;
    migrate(story, next(story, 'shorter terms'));
    const { serveUntil, why } = story.the('ServingTermMoved');
    expect(why).toBe('policy');
    expect(serveUntil).toBeLessThan(until);
    expect(serveUntil - story.now).toBeGreaterThan(25 * DAY);
  });

  test('a pilot above a lower cap is listed, and goes on', () => {
    const story = given(pilot(Date.parse('2026-11-16T04:30:00Z')), START);
    approve(story, 'start', 'leena');
    const model = modelWith(({ rules }) => {
      for (const { caps } of Object.values(rules.pilot))
        if (caps) Object.assign(caps, { people: 1, box: '1d' });
    });
    const second = { ...model, version: 2 };
    const listed = dryRun(story.state, second, story.now).flatMap((each) =>
      each.kind === 'cap' ? [each.cap] : [],
    );
    expect(listed).toEqual(['people', 'box']);
    migrateBy(story, second);
    expect(held(story)).toEqual([]);
  });

  test('a pilot within its box is treated alike', () => {
    const story = given(pilot(Date.parse('2026-11-16T04:30:00Z')), START);
    approve(story, 'start', 'leena');
    migrateBy(story, next(story, 'more evidence'));
    expect(story.all('RemediationSet')).toHaveLength(1);
    expect(held(story)).toEqual([]);
  });
});

/** For lifecycles of the other team: the technical owner and one of governance. */
function migrateBy(story: Story, model: OperatingModel): Story {
  const owner = story.state.rights.technicalOwner ?? '';
  story.when('accept-migration', { model }, owner).thenAccepted();
  return answers(story, keyGate(story), 'lata', 'approve').thenAccepted();
}

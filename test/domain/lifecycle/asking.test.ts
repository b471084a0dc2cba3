/** What the state answers to those who ask: what it waits for, what they may do, when it will be live. */
import { describe, expect, test } from 'vitest';
import { COMMAND_NAMES } from '../../../src/domain/commands/table.js';
import { allowedCommands } from '../../../src/domain/lifecycle/allowed.js';
import { route } from '../../../src/domain/lifecycle/route.js';
import { viewOf } from '../../../src/domain/lifecycle/view-of.js';
import { waitingOn } from '../../../src/domain/lifecycle/waiting-on.js';
import {
  ALL_WELL,
  answers,
  approve,
  held,
  openTaxChange,
  specify,
  taxInCanary,
  taxInReview,
  taxLive,
} from '../../support/decider/acts.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY, ist } from '../../support/decider/time.js';
import { kyc, kycComplete, low, modelWith, pilot, tax, taxSpec } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const reason = text('why');
const waits = (story: Story) => waitingOn(story.state, story.now).map(({ kind, who }) => `${kind} ${who}`);
const asked = (story: Story) => waitingOn(story.state, story.now).flatMap(({ people }) => people);

describe('waiting on', () => {
  test('a right that was offered, and whoever has to complete scoping', () => {
    const story = given(kyc(), START).when(
      'assign-right',
      { right: 'operatingOwner', person: 'meera' },
      'asha',
    );
    expect(waits(story)).toEqual(['right right:operatingOwner', 'right right:businessOwner']);
    expect(asked(story)).toEqual(['meera', 'asha']);
    expect(waitingOn(story.state, story.now)[1]?.what).toContain('nobody holds operatingOwner');
  });

  test('the seats that are open, with who could fill them and by when', () => {
    const story = taxInReview(given(tax(), START));
    approve(story, 'readiness', 'leena');
    expect(waitingOn(story.state, story.now)).toEqual([
      {
        kind: 'seat',
        who: 'readiness:governance',
        people: ['gita', 'lata'],
        what: 'decision of governance at readiness',
        gate: 'readiness',
        due: ist('2026-11-16 18:00'),
      },
    ]);
  });

  test('the machine, while a quorum is confirmed or an exposure applied', () => {
    const story = taxInReview(given(tax(), START));
    story.world.directory = 'down';
    story.world.target = 'silent';
    approve(story, 'readiness', 'leena', 'gita');
    expect(waits(story)).toEqual(['activity machine:confirm/readiness']);
    story.world.directory = 'up';
    story.perform();
    expect(waits(story)).toEqual(['activity machine:exposure']);
  });

  test('time while it soaks, and those who lift a hold', () => {
    const story = taxInCanary(given(tax(), START));
    expect(waitingOn(story.state, story.now)).toMatchObject([{ kind: 'deadline', due: story.now + DAY }]);
    story.when('roll-back', { reason }, 'omkar');
    expect(waits(story)).toEqual(['right right:technicalOwner', 'right function:operations']);
  });

  test('the end of a freeze', () => {
    const model = modelWith((written) => {
      written.freezes = [
        { name: 'audit', from: '2026-11-16T00:00:00+05:30', until: '2026-11-18T00:00:00+05:30' },
      ];
    });
    const story = taxInReview(given(tax({ model }), START));
    approve(story, 'readiness', 'leena', 'gita');
    expect(waitingOn(story.state, story.now)).toMatchObject([
      { kind: 'deadline', due: ist('2026-11-18 00:00') },
    ]);
  });

  test('who accepts, who meets a condition, and in live the end of its term', () => {
    const story = taxInReview(given(tax(), START));
    const conditions = [{ text: reason, owner: 'esha', due: story.now + DAY, beforeRelease: true }];
    answers(story, 'readiness', 'leena', 'approve-with-conditions', { conditions });
    approve(story, 'readiness', 'gita');
    expect(waits(story)).toContain('right condition:c1');
    story.when('fulfil-condition', { condition: 'c1' }, 'esha').thenAccepted();
    story.world.metrics = ALL_WELL;
    story.after(3 * DAY);
    expect(waits(story)).toEqual(['right right:operatingOwner']);
    story.when('accept-exposure', {}, 'omkar');
    expect(waits(story)).toEqual(['deadline time']);
  });

  test('a right that was offered while it is live', () => {
    const story = taxLive(given(tax(), START));
    story.when('assign-right', { right: 'operatingOwner', person: 'deepak' }, 'omkar');
    expect(waitingOn(story.state, story.now)).toMatchObject([
      { who: 'right:operatingOwner', people: ['deepak'] },
    ]);
  });

  test('a scoping gate that is owed and not open', () => {
    const story = given(tax(), START).when('assess-risk', { facts: { effect: 'decides' } }, 'hari');
    story.when('withdraw-gate', { gate: 'scoping', reason }, 'divya').thenAccepted();
    expect(waitingOn(story.state, story.now).map(({ what }) => what)).toContain('open the scoping gate');
  });
});

describe('allowed commands', () => {
  const allowed = (story: Story, by: string) => allowedCommands(story.state, story.actor(by), story.now);

  test('every command is allowed or refused with a reason', () => {
    const story = taxInReview(given(tax(), START));
    for (const { person } of story.state.team.members) {
      const answer = allowed(story, person);
      const refused = Object.keys(answer.refused);
      expect([...answer.allowed, ...refused].sort()).toEqual([...COMMAND_NAMES].sort());
      for (const reasons of Object.values(answer.refused)) expect(reasons?.length).toBeGreaterThan(0);
    }
  });

  test('follow who asks and where it stands', () => {
    const story = taxInReview(given(tax(), START));
    expect(allowed(story, 'gita').allowed).toContain('decide');
    expect(allowed(story, 'hari').refused.decide?.[0]?.code).toBe('excluded');
    expect(allowed(story, 'asha').refused.decide?.[0]?.code).toBe('not-permitted');
    expect(allowed(story, 'hari').refused['submit-for-review']?.[0]?.code).toBe('wrong-stage');
    expect(allowed(story, 'tara').allowed).toEqual(expect.arrayContaining(['stop-ship', 'hold']));
    expect(allowed(story, 'leena').refused['stop-ship']?.[0]?.code).toBe('not-permitted');
  });

  test('nothing is allowed once it is over', () => {
    const story = given(tax(), START).when('cancel', { reason }, 'bela');
    expect(allowed(story, 'bela').allowed).toEqual([]);
  });
});

test('the view says who has to re-affirm, what is missing, and what a pilot is capped at', () => {
  const story = specify(given(tax(), START), taxSpec(), 'hari');
  approve(story, 'specification', 'leena');
  answers(story, 'specification', 'gita', 'request-changes', { clauses: ['c1'] });
  specify(story, taxSpec({ purpose: 'x' }), 'hari');
  const view = () => viewOf(story.state, story.actor('gita'), story.now);
  expect(view().gates).toMatchObject([
    { gate: 'specification', generation: 2, reaffirm: ['leena'], dueLocal: '2026-11-16 18:00 Asia/Kolkata' },
  ]);
  approve(story, 'specification', 'leena', 'gita');
  expect(view().delivery?.missing.map(({ fact }) => fact)).toEqual(['eval', 'vendor-review', 'eval']);
  const now = ist(START);
  const small = approve(given(pilot(now), START), 'start', 'leena');
  expect(viewOf(small.state, small.actor('leena'), now).pilot?.caps).toContainEqual({
    cap: 'people',
    limit: 200,
    enforced: true,
  });
  expect(JSON.parse(JSON.stringify(view()))).toEqual(view());
});

describe('route', () => {
  test('the earliest honest date is that of the gates and windows ahead', () => {
    const story = given(kycComplete(), '2026-11-16 10:00');
    const answer = route(story.state, story.now, [{ without: 'activity' }, { second: 'operations' }]);
    expect(answer.path.map(({ leg }) => leg)).toEqual([
      'scoping',
      'specification',
      'readiness',
      'shadow',
      'canary-25',
      'ramp-50',
      'full-100',
    ]);
    expect(answer.tier).toBe('high');
    const last = answer.path.at(-1);
    expect(answer.live).toBe(last?.until);
    for (const [index, leg] of answer.path.entries())
      expect(leg.from).toBeGreaterThanOrEqual(answer.path[index - 1]?.until ?? 0);
    expect(answer.whatIf[0]).toMatchObject({ whatIf: { without: 'activity' }, tier: 'medium' });
    expect(answer.whatIf[0]?.earlierByMs).toBeGreaterThan(20 * DAY);
    expect(answer.whatIf[1]?.earlierByMs).toBeGreaterThanOrEqual(0);
  });

  test('names what is missing and what is held', () => {
    const story = given(kyc(), START).when(
      'hold',
      { effect: 'forward', scope: 'candidate', reason },
      'rohan',
    );
    expect(route(story.state, story.now, []).missing.map(({ code }) => code)).toEqual([
      'held',
      'right-vacant',
    ]);
    expect(held(story)).toEqual(['person:forward']);
  });

  test('a freeze on the way is waited out', () => {
    const model = modelWith((written) => {
      written.freezes = [
        { name: 'audit', from: '2026-11-17T00:00:00+05:30', until: '2026-12-01T00:00:00+05:30' },
      ];
    });
    const plain = given(tax(), START);
    const frozen = given(tax({ model }), START);
    const live = ({ state, now }: Story) => route(state, now, []).live ?? 0;
    expect(live(frozen)).toBe(ist('2026-12-03 00:00'));
    expect(live(plain)).toBeLessThan(live(frozen));
  });

  test('comes true where everybody is in time', () => {
    const story = given(low(), START);
    const { live } = route(story.state, story.now, []);
    expect(live).toBeGreaterThan(story.now);
    const launched = taxLive(given(tax(), START));
    expect(route(launched.state, launched.now, []).live).toBe(launched.state.serving?.since);
    openTaxChange(launched, 'r2', ['prompt.tone']);
  });

  test('never, for what is prohibited or over', () => {
    const story = given(tax(), START).when(
      'assess-risk',
      { facts: { 'eu-prohibited-practice': 'listed' } },
      'bela',
    );
    expect(route(story.state, story.now, []).live).toBeNull();
    story.when('cancel', { reason }, 'bela').thenAccepted();
    expect(route(story.state, story.now, [])).toMatchObject({ live: null, path: [] });
  });
});

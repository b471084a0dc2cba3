import { describe, expect, test } from 'vitest';
import { answers, approve, gate, specify } from '../../support/decider/acts.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { ist } from '../../support/decider/time.js';
import { tax, taxSpec } from '../../support/decider/use-cases.js';

/** Monday morning: leena and neha may fill the seat of product, gita and lata that of governance. */
const MONDAY = '2026-11-16 10:00';
const onMonday = () => specify(given(tax(), MONDAY), taxSpec(), 'hari');
const silent = (story: Story, person: string, notice = 'n1', at: string | null = 'specification') =>
  story.report({ type: 'unreachable', notice, person, gate: at });
const told = (story: Story) =>
  story.events.flatMap((event) => (event.type === 'NoticeRaised' ? [event.notice] : [])).at(-1);

describe('an approver who cannot be reached', () => {
  test('is recorded, and the lead is told, while somebody else could fill the seat', () => {
    const story = silent(onMonday(), 'leena').thenEvents(['PersonUnreachable']);
    expect(story.the('PersonUnreachable')).toMatchObject({
      notice: 'n1',
      person: 'leena',
      gate: 'specification',
    });
    const { due } = gate(story, 'specification').clock;
    expect(told(story)).toMatchObject({ kind: 'escalation', to: ['divya'], gate: 'specification', due });
  });

  test('takes the next step of the chain once nobody is left who could fill a seat, moving no deadline', () => {
    const story = silent(onMonday(), 'leena');
    const { steps, due, timeout } = gate(story, 'specification').clock;
    silent(story, 'neha').thenEvents(['PersonUnreachable', 'Escalated']);
    expect(story.the('Escalated')).toMatchObject({ step: 'lead', to: ['divya'], due });
    expect(gate(story, 'specification').clock).toMatchObject({ steps: steps.slice(1), due, timeout });
    expect(gate(story, 'specification').status).toBe('open');
    story.at('2026-11-16 18:00').thenEvents(['ReminderSent', 'ReminderSent']);
    story.at('2026-11-17 13:30').thenEvents(['Escalated']);
    expect(story.the('Escalated').step).toBe('function-head');
  });

  test('goes on to whoever comes after somebody of the chain who is not reached either, and never past its end', () => {
    const story = silent(silent(onMonday(), 'leena'), 'neha');
    silent(story, 'divya', 'n4').thenEvents(['PersonUnreachable', 'Escalated']);
    expect(story.the('Escalated').step).toBe('function-head');
    silent(story, 'lata', 'n5').thenEvents(['PersonUnreachable']);
    silent(story, 'gita', 'n5').thenEvents(['PersonUnreachable', 'Escalated']);
    expect(gate(story, 'specification').clock.steps).toEqual([]);
    silent(story, 'anand', 'n6').thenEvents(['PersonUnreachable']);
    expect(gate(story, 'specification').decisions).toEqual([]);
    expect(story.state.stage).toBe('specification');
  });

  test('is heard once for a gate, however often and for whichever notice it is said', () => {
    const story = silent(onMonday(), 'leena');
    silent(story, 'leena').thenRejected('unchanged');
    silent(story, 'leena', 'n2').thenRejected('unchanged');
  });

  test('can still decide', () => {
    const story = silent(silent(onMonday(), 'leena'), 'gita');
    approve(story, 'specification', 'leena', 'gita');
    expect(story.state.stage).toBe('implementation');
    expect(story.state.unreached).toEqual([]);
  });

  test('who has answered, or of a gate that is closed, concerns nobody any more', () => {
    const story = approve(onMonday(), 'specification', 'leena');
    silent(story, 'leena').thenRejected('unchanged');
    approve(story, 'specification', 'gita');
    silent(story, 'neha').thenRejected('unchanged');
  });

  test.each(['n0', 'n99', 'x1', 'n1x', ''])(
    'of a notice %s that was never raised, is not believed',
    (notice) => {
      silent(onMonday(), 'leena', notice).thenRejected('unchanged');
    },
  );

  test('whom nobody knows is not believed either: nobody can fill the state with names', () => {
    silent(onMonday(), 'mallory').thenRejected('unchanged');
  });

  test('asks nobody sooner while a hold stops the gate: the lead is told', () => {
    const story = onMonday().when(
      'hold',
      { effect: 'forward', scope: 'candidate', reason: text('why') },
      'hari',
    );
    silent(silent(story, 'leena'), 'neha').thenEvents(['PersonUnreachable']);
  });

  test('is known anew at the next opening of the gate', () => {
    const story = silent(onMonday(), 'leena');
    answers(story, 'specification', 'gita', 'request-changes', { comment: text('no'), clauses: ['purpose'] });
    expect(story.state.unreached).toEqual([]);
    specify(story, taxSpec({ purpose: 'Another purpose.' }), 'hari');
    silent(story, 'leena', 'n3').thenEvents(['PersonUnreachable']);
  });
});

describe('somebody who cannot be told of anything but a gate', () => {
  const offered = () =>
    given(tax(), MONDAY).when('assign-right', { right: 'operatingOwner', person: 'deepak' }, 'bela');

  test('has the lead told once, however many notices there are', () => {
    const story = silent(offered(), 'deepak', 'n1', null).thenEvents(['PersonUnreachable']);
    expect(told(story)).toMatchObject({ kind: 'escalation', to: ['divya'], gate: null, due: null });
    silent(story, 'deepak', 'n1', null).thenRejected('unchanged');
    story.when('assign-right', { right: 'operatingOwner', person: 'deepak' }, 'bela');
    silent(story, 'deepak', `n${story.state.counters.notices}`, null).thenRejected('unchanged');
  });

  test('is only recorded where it is the lead', () => {
    const story = silent(offered(), 'divya', 'n1', null).thenEvents(['PersonUnreachable']);
    expect(story.state.counters.notices).toBe(1);
    silent(story, 'deepak', 'n1', null).thenEvents(['PersonUnreachable']);
  });

  test('is not said by the notice that told the lead: none is the cause of the next', () => {
    const story = silent(offered(), 'deepak', 'n1', null);
    expect(told(story)?.id).toBe('n2');
    for (const person of ['divya', 'omkar', 'hari'])
      silent(story, person, 'n2', null).thenRejected('unchanged');
    story.when('assign-right', { right: 'operatingOwner', person: 'divya' }, 'bela');
    silent(story, 'omkar', 'n3', null).thenEvents(['PersonUnreachable']);
  });

  test('tells the lead so many times, whatever is claimed: then nothing more is taken', () => {
    const { team } = tax();
    const crowd = Array.from({ length: 60 }, (_, n) => ({ person: `p${n}`, functions: [] }));
    const story = given(tax({ team: { ...team, members: [...team.members, ...crowd] } }), MONDAY);
    story.when('assign-right', { right: 'operatingOwner', person: 'deepak' }, 'bela');
    const claim = () => {
      for (const { person } of crowd)
        for (const notice of ['n1', `n${story.state.counters.notices}`]) silent(story, person, notice, null);
    };
    claim();
    expect(story.state.unreached).toHaveLength(50);
    expect(story.state.counters.notices).toBe(51);
    const { seq } = story.state;
    claim();
    silent(story, 'p59', 'n1', null).thenRejected('unchanged');
    expect(story.state.seq).toBe(seq);
  });

  test('of a use case that is over concerns nobody', () => {
    const story = offered().when('cancel', { reason: text('over') }, 'bela');
    silent(story, 'deepak', 'n1', null).thenRejected('unchanged');
  });
});

test('deadlines stay where they are, whoever is not reached', () => {
  const story = onMonday();
  const { due, timeout, reminders } = gate(story, 'specification').clock;
  for (const person of ['leena', 'neha', 'gita', 'lata', 'divya', 'anand']) silent(story, person);
  expect(gate(story, 'specification').clock).toMatchObject({ due, timeout, reminders });
  expect(due).toBe(ist('2026-11-16 18:00'));
});

import { describe, expect, test } from 'vitest';
import { fieldName, parseForm } from '../../src/contracts/form.js';
import type { WrittenOperatingModel } from '../../src/contracts/operating-model/model-form.js';
import { writtenOperatingModel } from '../../src/contracts/operating-model.js';
import { shipped } from '../operating-models/shipped-models.js';

const { written } = shipped('standard');

// biome-ignore lint/suspicious/noExplicitAny: the tests write what the types forbid
type Draft = any;

/** What is said about the standard model after a change made in place. */
function said(change: (draft: Draft) => void): string[] {
  const draft: WrittenOperatingModel = structuredClone(written);
  change(draft);
  const parsed = parseForm(writtenOperatingModel, draft);
  return parsed.ok ? [] : parsed.problems.map(({ path, detail }) => `${fieldName(path)}: ${detail}`);
}

test('the standard itself is sound', () => {
  expect(said(() => {})).toEqual([]);
});

describe('names that do not exist', () => {
  test.each<[string, (draft: Draft) => void, string]>([
    [
      'a fact in a rule',
      (m) => {
        m.tierRules[3].when.fact = 'efect';
      },
      'tierRules[3].when.fact: there is no fact "efect"; facts here: eu-prohibited-practice, where',
    ],
    [
      'an answer in a rule, deep inside',
      (m) => {
        m.tierRules[1].when.any[1].all[1].value = 'perhaps';
      },
      'tierRules[1].when.any[1].all[1].value: "perhaps" is no answer of eu-high-risk-area; its answers are none, unsure, listed',
    ],
    [
      'unsure where the fact does not list it',
      (m) => {
        m.tierRules[3].when.value = 'unsure';
      },
      'tierRules[3].when.value: "unsure" is no answer of effect',
    ],
    [
      'an answer beneath not',
      (m) => {
        m.specConditions.ownModel = { not: { fact: 'supplier', op: '=', value: 'nobody' } };
      },
      'specConditions.ownModel.not.value: "nobody" is no answer of supplier',
    ],
    [
      'a fact in a condition of evidence',
      (m) => {
        m.rules.governed.medium.evidence[1].when.fact = 'vendor';
      },
      'rules.governed.medium.evidence[1].when.fact: there is no fact "vendor"',
    ],
    [
      'a calendar',
      (m) => {
        m.defaultCalendar = 'in-pune';
      },
      'defaultCalendar: there is no calendar "in-pune"; calendars here: in-mumbai, eu-berlin, us-new-york, always',
    ],
    [
      'a gate',
      (m) => {
        m.rules.governed.low.gates.lunch = m.rules.governed.low.gates.launch;
      },
      'rules.governed.low.gates.lunch: unknown field "lunch"; correct the name or remove it (known here: scoping, start',
    ],
    [
      'a gate that the tier does not have',
      (m) => {
        m.rules.governed.low.evidence[0].before = 'readiness';
      },
      'rules.governed.low.evidence[0].before: governed low has no "readiness"; evidence is due before one of launch, ramp, full',
    ],
    [
      'a function',
      (m) => {
        m.rules.governed.low.gates.launch.seats[0] = 'legal';
      },
      'rules.governed.low.gates.launch.seats[0]: must be one of product, engineering',
    ],
    [
      'a zone',
      (m) => {
        m.calendars.always.zone = 'Europe/Atlantis';
      },
      'calendars.always.zone: unknown time zone',
    ],
  ])('%s', (_what, change, words) => {
    expect(said(change)).toEqual([expect.stringContaining(words)]);
  });
});

describe('comparisons that mean nothing', () => {
  const kind = { fact: 'activity', op: '>=', value: 'credit' };
  const several = { fact: 'where', op: '=', value: 'EU' };
  const list = { fact: 'activity', op: '=', value: ['credit'] };
  const single = { fact: 'activity', op: 'in', value: 'credit' };
  test.each([
    [
      'an order where there is none',
      kind,
      'op: activity is a fact of type kind, which compares with =, !=, in',
    ],
    ['equality with several', several, 'op: where is a fact of type several, which compares with includes'],
    ['a list for a single answer', list, 'value: "=" takes a single answer'],
    ['a single answer for a list', single, 'value: "in" takes a list of answers'],
  ])('%s', (_what, when, words) => {
    expect(said((m) => Object.assign(m.tierRules[0], { when }))).toEqual([`tierRules[0].when.${words}`]);
  });

  test('nesting without end is refused', () => {
    let when: object = { fact: 'effect', op: '=', value: 'none' };
    for (let depth = 0; depth < 8; depth += 1) when = { not: when };
    expect(said((m) => Object.assign(m.tierRules[0], { when })).length).toBeGreaterThan(0);
  });
});

describe('parts that contradict each other', () => {
  test.each<[string, (draft: Draft) => void, string]>([
    [
      'shortened time in earnest',
      (m) => {
        m.timeScale = 0.1;
      },
      'timeScale: is 0.1, but only a demonstration may shorten time',
    ],
    [
      'two rules of one name',
      (m) => {
        m.tierRules[1].id = 'P1';
      },
      'tierRules[1].id: "P1" is used twice',
    ],
    [
      'a rule called like none',
      (m) => {
        m.tierRules[1].id = 'otherwise';
      },
      'tierRules[1].id: "otherwise" stands for no rule',
    ],
    [
      'an answer twice',
      (m) => {
        m.facts[3].answers[1] = 'none';
      },
      'facts[3].answers[1]: "none" is listed twice',
    ],
    [
      'too many combinations of the unsure',
      (m) => {
        for (const id of ['a', 'b']) {
          m.facts.push({
            id,
            question: '?',
            type: 'several',
            answers: ['1', '2', '3', '4', '5', '6', '7', '8'],
          });
        }
      },
      'facts: the facts of type kind and several combine in 12582912 ways',
    ],
    [
      'a pilot without its gate',
      (m) => {
        delete m.rules.pilot.low.gates.start;
      },
      'rules.pilot.low.gates: pilot low needs the gate "start"',
    ],
    [
      'a pilot with another gate',
      (m) => {
        m.rules.pilot.low.gates.readiness = m.rules.pilot.low.gates.start;
      },
      'rules.pilot.low.gates.readiness: a pilot\'s only gate is "start"',
    ],
    [
      'a pilot without caps',
      (m) => {
        delete m.rules.pilot.low.caps;
      },
      'rules.pilot.low.caps: pilot low needs caps',
    ],
    [
      'a cohort above the cap',
      (m) => {
        m.rules.pilot.low.rollout.steps[0].percent = 11;
      },
      'rules.pilot.low.rollout.steps[0].percent: is above the cap of 10 percent',
    ],
    [
      'a pilot with a canary',
      (m) => {
        m.rules.pilot.low.rollout.steps[0].kind = 'canary';
      },
      'rules.pilot.low.rollout.steps[0].kind: a pilot is exposed to its cohort only',
    ],
    [
      'a review after the end of the box',
      (m) => {
        m.rules.pilot.high.review.boxDays = [15, 31];
      },
      'rules.pilot.high.review.boxDays[1]: lies beyond the box of 30 days',
    ],
    [
      'governed with the gate of a pilot',
      (m) => {
        m.rules.governed.low.gates.start = m.rules.pilot.low.gates.start;
      },
      'rules.governed.low.gates.start: is the gate of a pilot',
    ],
    [
      'nobody approves the release',
      (m) => {
        delete m.rules.governed.high.gates.readiness;
        for (const item of m.rules.governed.high.evidence) item.before = 'scoping';
      },
      'rules.governed.high.gates: governed high needs exactly one of the gates "launch" and "readiness"',
    ],
    [
      'nobody of operations accepts before live',
      (m) => {
        delete m.rules.governed.medium.rollout.steps[2].accept;
      },
      'rules.governed.medium.gates: governed medium would go live without the acceptance of operations',
    ],
    [
      'no approver of minor changes',
      (m) => {
        delete m.rules.governed.high.change;
      },
      'rules.governed.high.change: governed high needs the gate that approves a minor change',
    ],
    [
      'governed with caps',
      (m) => {
        m.rules.governed.low.caps = m.rules.pilot.low.caps;
      },
      'rules.governed.low.caps: only a pilot has caps',
    ],
    [
      'governed with an extension',
      (m) => {
        m.rules.governed.low.extension = m.rules.pilot.low.extension;
      },
      'rules.governed.low.extension: only a pilot is extended',
    ],
    [
      'governed with a box',
      (m) => {
        m.rules.governed.low.approval.serveUntil = 'end-of-box';
      },
      'rules.governed.low.approval.serveUntil: only a pilot has a box',
    ],
    [
      'governed with reviews in a box',
      (m) => {
        m.rules.governed.low.review = m.rules.pilot.low.review;
      },
      'rules.governed.low.review: only a pilot has a box',
    ],
    [
      'a rollout that stops half way',
      (m) => {
        m.rules.governed.low.rollout.steps.pop();
        m.rules.governed.low.evidence[0].before = 'launch';
      },
      'rules.governed.low.rollout.steps: must end with {kind: full, percent: 100}',
    ],
    [
      'a rollout that goes back',
      (m) => {
        m.rules.governed.medium.rollout.steps[1].percent = 5;
      },
      'rules.governed.medium.rollout.steps[1].percent: does not go beyond the 10 percent before it',
    ],
    [
      'windows of no length',
      (m) => {
        m.rules.governed.high.rollout.steps[3].windows = 2;
      },
      'rules.governed.high.rollout.steps[3].windows: say how long a window is',
    ],
    [
      'reminders out of order',
      (m) => {
        m.retirement.reminders = [80, 50];
      },
      'retirement.reminders: list the shares in rising order',
    ],
    [
      'a freeze that ends before it begins',
      (m) => {
        m.freezes = [{ name: 'summer', from: '2027-08-01T00:00:00Z', until: '2027-07-01T00:00:00Z' }];
      },
      'freezes[0].until: must be later than from',
    ],
    [
      'a gate that passes by itself',
      (m) => {
        m.promotion.timeout = 'pass';
      },
      'promotion.timeout: must be one of hold, return, not "pass"',
    ],
    [
      'a delegation without end',
      (m) => {
        m.delegation = {};
      },
      'delegation.longest: ',
    ],
    [
      'a handover that passes by itself',
      (m) => {
        m.handover.timeout = 'return';
      },
      'handover.timeout: unknown field "timeout"',
    ],
    [
      'a duration of nothing',
      (m) => {
        m.promotion.sla = '0bd';
      },
      'promotion.sla: write working time',
    ],
    [
      'one key where two are needed',
      (m) => {
        m.twoKey.lowerTier = ['risk'];
      },
      'twoKey.lowerTier: must be at least 2 entries long',
    ],
  ])('%s', (_what, change, words) => {
    expect(said(change)).toEqual([expect.stringContaining(words)]);
  });
});

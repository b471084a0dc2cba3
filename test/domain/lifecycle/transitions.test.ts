/** The map is whole: everything on it is seen to happen. That nothing else happens, every story and walk checks. */
import { expect, test } from 'vitest';
import { deliveryOf } from '../../../src/domain/lifecycle/delivery.js';
import {
  ALL_WELL,
  answers,
  approve,
  evidence,
  GOOD_TAX,
  openTaxChange,
  register,
  specify,
  taxEvidence,
  taxInCanary,
  taxInReview,
  taxLive,
} from '../../support/decider/acts.js';
import { ON_MAP, seen } from '../../support/decider/moves.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY, ist } from '../../support/decider/time.js';
import { facts, kycComplete, low, pilot, TAX_FACTS, tax, taxSpec } from '../../support/decider/use-cases.js';
import { type VariantName, variantOf } from '../../support/decider/variants.js';

const START = '2026-11-16 10:00';
const why = text('why');
const WORSE = facts({ ...TAX_FACTS, effect: 'decides' });

const newTax = () => given(tax(), START);
const taxInImplementation = (story: Story): Story => {
  specify(story, taxSpec(), 'hari');
  return approve(story, 'specification', 'leena', 'gita');
};

/** A tax launch at each of its steps. */
const LAUNCH = {
  specification: newTax,
  implementation: () => taxInImplementation(newTax()),
  review: () => taxInReview(newTax()),
  release: () => taxInCanary(newTax()),
};

const openSpecChange = (story: Story, supersede = false): Story =>
  story
    .when('open-change', { kind: 'spec', changedSections: [], reason: why, supersede }, 'leena')
    .thenAccepted();
const openPromptChange = (story: Story, supersede = false): Story =>
  story
    .when(
      'open-change',
      { kind: 'prompt', changedSections: ['prompt.waivers'], reason: why, supersede },
      'leena',
    )
    .thenAccepted();
const specified = (story: Story): Story => specify(story, taxSpec({ purpose: 'Another.' }), 'hari');
const changeInReview = (story: Story): Story => {
  openTaxChange(story, 'r2', ['prompt.waivers']);
  return taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
};

/** A material change of the tax use case at each of its steps. */
const CHANGE = {
  specification: () => openSpecChange(taxLive(newTax())),
  implementation: () => openPromptChange(taxLive(newTax())),
  review: () => changeInReview(taxLive(newTax())),
  release: () => approve(changeInReview(taxLive(newTax())), 'readiness', 'leena', 'gita'),
};

type Step = keyof typeof LAUNCH;
const STEPS = Object.keys(LAUNCH) as Step[];

/** The launch, and the change, waiting in release for a condition that nobody meets. */
function pendingRelease(story: Story): Story {
  const condition = { text: why, owner: 'hari', due: story.now + 200 * DAY, beforeRelease: true };
  answers(story, 'readiness', 'leena', 'approve-with-conditions', { conditions: [condition] }).thenAccepted();
  return approve(story, 'readiness', 'gita');
}

/** The same, with the exposure under way at a target that does not answer. */
function exposing(story: Story): Story {
  story.world.target = 'silent';
  return approve(story, 'readiness', 'leena', 'gita');
}

/** Evidence that arrives after the approval, and fails. */
function spoil(story: Story): Story {
  const bad = { 'false-commitment': { value: 0.5, n: 12_000 }, tone: { value: 0.5, n: 12_000 } };
  return story.when('add-evidence', evidence(story, 'eval', bad), 'ci').thenAccepted();
}

function refuseEffect(story: Story): Story {
  story.world.unfit.add('leena');
  story.world.target = 'applies';
  return story.perform();
}

function lift(story: Story, causeClass: 'model' | 'spec'): void {
  const hold = story.state.holds[0]?.id ?? '';
  story.when('lift-hold', { hold, causeClass, rootCause: why }, 'omkar').thenAccepted();
  const key = Object.keys(story.state.gates).find((id) => id.startsWith('two-key'));
  if (key) approve(story, key, 'hari');
  expect(story.state.holds).toEqual([]);
}

/** A use case of tier low, up to its open launch gate. */
function lowInReview(story = given(low(), START)): Story {
  specify(story, taxSpec(), 'hari');
  register(story, 'r1', 'hari');
  story.when('add-evidence', evidence(story, 'eval', GOOD_TAX), 'ci').thenAccepted();
  return story.when('submit-for-review', {}, 'hari').thenAccepted();
}

/** A change of a pilot, which passes the pilot's one gate again. */
function pilotChangeInReview(story: Story): Story {
  openPromptChange(story);
  register(story, 'r2', 'hari');
  return story.when('submit-for-review', {}, 'hari').thenAccepted();
}

function lowLive(): Story {
  const story = lowInReview();
  story.world.metrics = ALL_WELL;
  approve(story, 'launch', 'leena', 'omkar').after(DAY);
  expect(story.state).toMatchObject({ stage: 'live', delivery: null });
  return story;
}

const newPilot = () => given(pilot(ist(START)), START);
const pilotLive = () => approve(newPilot(), 'start', 'leena');

/** Two people pass the open gate that is in the way. */
function broken(story: Story): Story {
  const { id, subject } = Object.values(story.state.gates)[0] ?? { id: '', subject: '' };
  story
    .when('break-glass', { gate: id, subject, until: story.now + DAY, reason: why }, 'tara')
    .thenAccepted();
  const key = Object.keys(story.state.gates).find((each) => each.startsWith('two-key')) ?? '';
  return approve(story, key, 'omkar');
}

test.each([
  ['launch', newTax, LAUNCH.review],
  ['change', () => openSpecChange(taxLive(newTax())), CHANGE.review],
])('in an emergency a %s goes on by broken glass', (_, specification, review) => {
  expect(deliveryOf(broken(specified(specification())).state)?.step).toBe('implementation');
  expect(deliveryOf(broken(review()).state)?.step).toBe('release');
});

test('out of scoping', () => {
  const kyc = () =>
    given(kycComplete(), START).when('open-gate', { gate: 'scoping' }, 'nikhil').thenAccepted();
  approve(kyc(), 'scoping', 'asha', 'rohan');
  answers(kyc(), 'scoping', 'asha', 'reject', { comment: why }).thenAccepted();
  kyc().when('cancel', { reason: why }, 'asha').thenAccepted();
  const unfinished = given(low({ brief: { digest: text('brief'), missing: ['sponsor'] } }), START);
  unfinished.when('update-brief', { brief: text('whole brief'), missing: [] }, 'divya').thenAccepted();
  pilotLive();
  answers(newPilot(), 'start', 'leena', 'reject', { comment: why }).thenAccepted();
});

test.for(STEPS)('out of %s, of a launch and of a change', (step) => {
  LAUNCH[step]().when('cancel', { reason: why }, 'divya').thenAccepted();
  LAUNCH[step]().when('assess-risk', { facts: WORSE }, 'divya').thenAccepted();
  CHANGE[step]().when('assess-risk', { facts: WORSE }, 'divya').thenAccepted();
  openSpecChange(CHANGE[step](), true);
  openPromptChange(CHANGE[step](), true);
});

test.for([LAUNCH, CHANGE])('back from review and from release', ({ review, release }) => {
  const because = { comment: why };
  answers(review(), 'readiness', 'leena', 'request-changes', because).thenAccepted();
  answers(review(), 'readiness', 'leena', 'request-changes', { clauses: ['c1'] }).thenAccepted();
  answers(review(), 'readiness', 'leena', 'reject', because).thenAccepted();
  review().when('withdraw-gate', { gate: 'readiness', reason: why }, 'hari').thenAccepted();
  for (const causeClass of ['model', 'spec'] as const) {
    lift(release().when('roll-back', { reason: why }, 'omkar').thenAccepted(), causeClass);
  }
  pendingRelease(review()).after(31 * DAY);
  spoil(pendingRelease(review())).after(31 * DAY);
  refuseEffect(exposing(review()));
  refuseEffect(spoil(exposing(review())));
});

test.for(STEPS)('a tier that rose is not what the use case may be, seen in %s', (step) => {
  const story = newTax().when('assess-risk', { facts: WORSE }, 'divya').thenAccepted();
  const seats = ['leena', 'esha', 'gita', 'farah', 'omkar'];
  const steps: { [S in Step]: () => void } = {
    specification: () => {},
    implementation: () => approve(specified(story), 'specification', ...seats),
    review: () => {
      register(story, 'r1', 'hari');
      for (const kind of ['red-team', 'privacy']) story.when('add-evidence', evidence(story, kind), 'lab');
      taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
    },
    release: () => approve(story, 'readiness', ...seats),
  };
  for (const each of STEPS.slice(0, STEPS.indexOf(step) + 1)) steps[each]();
  expect(story.state.stage).toBe(step);
  expect(story.state.exposure.wanted.candidate).toBeNull();
  answers(story, 'scoping', 'farah', 'reject', { comment: why }).thenAccepted();
  expect(story.state.stage).toBe('retired');
});

test.for([LAUNCH, CHANGE])('another spec, while the release is being built', ({ implementation }) => {
  const story = implementation();
  story.when('draft-spec', { spec: taxSpec({ purpose: 'Another.' }), missing: [] }, 'hari').thenAccepted();
});

test.for([LAUNCH, CHANGE])('milder facts: a spec that is being decided is enough', ({ specification }) => {
  specified(specification())
    .when('assess-risk', { facts: facts({}) }, 'divya')
    .thenAccepted();
});

test('a low use case: to live by a valid spec and a launch gate, back when nobody decides', () => {
  lowInReview().after(10 * DAY);
  const story = openSpecChange(lowLive());
  lowInReview(story).after(10 * DAY);
});

test('a change ends live, rejected or withdrawn', () => {
  const released = CHANGE.release();
  released
    .after(3 * DAY)
    .when('accept-exposure', {}, 'omkar')
    .thenAccepted();
  approve(specified(CHANGE.specification()), 'specification', 'leena', 'gita');
  answers(specified(CHANGE.specification()), 'specification', 'leena', 'reject', {
    comment: why,
  }).thenAccepted();
  for (const step of ['specification', 'implementation', 'review'] as const) {
    const story = CHANGE[step]();
    const change = deliveryOf(story.state)?.change?.id ?? '';
    story.when('withdraw-change', { change, reason: why }, 'leena').thenAccepted();
  }
});

test('a pilot is promoted, or ends at any step of a change', () => {
  const steps: ((story: Story) => Story)[] = [
    (story) => story,
    openSpecChange,
    openPromptChange,
    pilotChangeInReview,
    (story) => {
      story.world.target = 'silent';
      return approve(pilotChangeInReview(story), 'start', 'leena');
    },
  ];
  for (const step of steps) step(pilotLive()).when('end-pilot', { reason: why }, 'leena').thenAccepted();
  const promoted = pilotLive();
  const undated = promoted.when('promote-to-governed', { skipped: [], reason: why }, 'hari').rejection;
  const items = (undated?.reasons ?? []).flatMap(({ fact }) => fact ?? []);
  const skipped = items.map((item) => ({ item, due: promoted.now + 30 * DAY }));
  promoted.when('promote-to-governed', { skipped, reason: why }, 'hari').thenAccepted();
  approve(promoted, 'promotion', 'neha', 'gita', 'farah', 'leena');
});

/** Both keys of a migration are turned. */
function migrated(story: Story, variant: VariantName): Story {
  const model = variantOf(story.state.model, variant);
  story.when('accept-migration', { model }, 'hari').thenAccepted();
  const key = Object.keys(story.state.gates).find((id) => id.startsWith('two-key')) ?? '';
  return approve(story, key, 'gita');
}

test.for([LAUNCH, CHANGE])('a stricter or a milder version of the rules', ({ specification, review }) => {
  migrated(specified(specification()), 'no specification gate');
  migrated(review(), 'more evidence');
  migrated(pendingRelease(review()), 'more evidence');
  migrated(pendingRelease(review()), 'another seat');
});

test('what serves is retired', () => {
  const story = taxLive(newTax()).when('retire', { reason: why, dependants: [] }, 'divya').thenAccepted();
  approve(story, 'retirement', 'bela', 'omkar');
});

test('everything on the map has been seen', () => {
  expect([...ON_MAP].filter((move) => !seen.has(move))).toEqual([]);
});

import { describe, expect, test } from 'vitest';
import type { Payloads } from '../../../src/domain/commands/payloads.js';
import {
  ALL_WELL,
  approve,
  evidence,
  GOOD_TAX,
  openTaxChange,
  taxEvidence,
  taxLive,
  wanted,
} from '../../support/decider/acts.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY } from '../../support/decider/time.js';
import { tax, taxSpec } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const reason = text('why');

const back = (story: Story) => story.when('roll-back', { reason }, 'omkar').thenAccepted();

/** Carries a registered change through its canary until it serves. */
function serve(story: Story): Story {
  story.when('add-evidence', evidence(story, 'eval', GOOD_TAX), 'ci');
  story.when('submit-for-review', {}, 'hari').thenAccepted();
  approve(story, 'change', 'chitra').after(3 * DAY);
  return story.when('accept-exposure', {}, 'omkar').thenAccepted();
}

const live = () => taxLive(given(tax(), START));
const next = (story: Story, release: string) => openTaxChange(story, release, ['prompt.tone']);

/** A change in its canary whose release is the one that served first. */
function firstAgain(): Story {
  const story = next(serve(next(live(), 'r2')), 'r1');
  taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
  return approve(story, 'change', 'chitra');
}

describe('a release that changes something for good', () => {
  test('once it serves, nothing from before it is gone back to', () => {
    const story = live();
    const change = { kind: 'data', changedSections: ['prompt.tone'], reason } as const;
    story.when('open-change', change, 'leena').thenAccepted();
    const release = { release: text('r2'), changedSections: ['prompt.tone'], irreversible: true };
    story.when('register-release', release, 'hari').thenAccepted();
    back(serve(story));
    expect(story.the('RolledBack')).toMatchObject({ what: 'serving', release: text('r2'), to: 'fallback' });
    expect(wanted(story)).toEqual({ candidate: null, serving: null });
  });

  test('in its canary it goes back to what serves beside it', () => {
    const story = live();
    const change = { kind: 'data', changedSections: ['prompt.tone'], reason } as const;
    story.when('open-change', change, 'leena');
    story.when('register-release', { release: text('r2'), changedSections: [], irreversible: true }, 'hari');
    taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
    approve(story, 'change', 'chitra');
    back(story);
    expect(story.the('RolledBack')).toMatchObject({ what: 'candidate', to: text('r1') });
    expect(wanted(story)).toEqual({ candidate: null, serving: 100 });
  });
});

describe('a vendor whose endpoint ends', () => {
  test('was announced with the release: beyond that it is not gone back to', () => {
    const story = given(tax(), START);
    const announced = story.now + 60 * DAY;
    launch(story, { release: text('r1'), changedSections: [], vendorUntil: announced });
    serve(next(story, 'r2')).at(announced - 1);
    back(story);
    expect(story.the('RolledBack').to).toBe(text('r1'));
  });

  test('at that very instant it is too late', () => {
    const story = given(tax(), START);
    const announced = story.now + 60 * DAY;
    launch(story, { release: text('r1'), changedSections: [], vendorUntil: announced });
    serve(next(story, 'r2')).at(announced);
    back(story);
    expect(story.the('RolledBack').to).toBe('fallback');
  });

  test('is noted later, by people or a monitor, and may be withdrawn', () => {
    const story = serve(next(live(), 'r2'));
    const note = (by: string, until?: number) =>
      story.when('note-vendor-end', { release: 'r1', ...(until === undefined ? {} : { until }) }, by);
    note('leena', story.now).thenRejected('not-permitted', 'person');
    note('ci', story.now).thenEvents(['VendorEndNoted']);
    note('ci', story.now).thenRejected('unchanged');
    note('omkar').thenEvents(['VendorEndNoted']);
    back(story);
    expect(story.the('RolledBack').to).toBe(text('r1'));
  });

  test('an older one that still answers is gone back to instead', () => {
    const story = serve(next(serve(next(live(), 'r2')), 'r3'));
    story.when('note-vendor-end', { release: 'r2', until: story.now }, 'omkar').thenAccepted();
    back(story);
    expect(story.the('RolledBack').to).toBe(text('r1'));
    expect(story.state.earlier.map(({ release }) => release.label)).toEqual(['r2']);
  });

  test('is about a release that can serve', () => {
    live().when('note-vendor-end', { release: 'r9' }, 'omkar').thenRejected('not-found', 'release');
  });
});

describe('what was rolled back for cause', () => {
  test('as a candidate is not gone back to either, under whatever label it served before', () => {
    const story = back(firstAgain());
    expect(story.the('RolledBack')).toMatchObject({ what: 'candidate', release: text('r1'), to: text('r2') });
    back(story);
    expect(story.the('RolledBack')).toMatchObject({ what: 'serving', release: text('r2'), to: 'fallback' });
  });

  test('what only made way for something else may serve again', () => {
    const story = firstAgain();
    const hotfix = { kind: 'code', changedSections: ['prompt.tone'], reason, supersede: true } as const;
    story.when('open-change', hotfix, 'leena').thenAccepted();
    expect(story.the('RolledBack')).toMatchObject({ release: text('r1'), blameless: true });
    back(story);
    expect(story.the('RolledBack')).toMatchObject({ what: 'serving', release: text('r2'), to: text('r1') });
  });
});

/** The launch of the tax example with this release. */
function launch(story: Story, release: Payloads['register-release']): Story {
  story.when('draft-spec', { spec: taxSpec(), missing: [] }, 'hari');
  story.when('submit-spec', { version: 1 }, 'hari').thenAccepted();
  approve(story, 'specification', 'leena', 'gita');
  story.when('register-release', release, 'hari').thenAccepted();
  taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
  approve(story, 'readiness', 'leena', 'gita');
  story.world.metrics = ALL_WELL;
  story.after(3 * DAY);
  return story.when('accept-exposure', {}, 'omkar').thenAccepted();
}

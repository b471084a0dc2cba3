import { expect, test } from 'vitest';
import type { Spec } from '../../../src/contracts/spec.js';
import { MAX_FINDINGS } from '../../../src/domain/governance/finding.js';
import type { CompiledSpec } from '../../../src/domain/spec/spec.js';
import {
  ALL_WELL,
  approve,
  evidence,
  GOOD_TAX,
  register,
  specify,
  taxEvidence,
  taxLive,
} from '../../support/decider/acts.js';
import { bytes } from '../../support/decider/invariants.js';
import { given, type Story, text } from '../../support/decider/story.js';
import { DAY, ist } from '../../support/decider/time.js';
import { modelWith, tax, taxSpec } from '../../support/decider/use-cases.js';

const START = '2026-09-01 10:00';
const YEARS = 10;
const MAX_SPEC_BYTES = 16 * 1024;

/** As many prohibitions as a compiled spec has room for. */
function largest(version: string): CompiledSpec {
  const of = (n: number) => {
    const mustNot = Array.from({ length: n }, (_, index) => ({
      id: `n${index}`,
      action: `never do ${index}`,
      onAttempt: 'block' as const,
    }));
    const may = Array.from({ length: 40 }, (_, index) => ({ id: `y${index}`, action: `do ${index}` }));
    const binds: Spec['binds'] = { 'prompt.tone': ['c2'], 'prompt.waivers': ['n1', 'c1'] };
    for (let section = 0; section < 38; section++)
      binds[`section-${section}`] = may.slice(0, n / 2).map(({ id }) => id);
    return taxSpec({ purpose: version, may, mustNot, binds });
  };
  let spec = of(2);
  for (let n = 2; n <= 40; n++) {
    const next = of(n);
    if (bytes(next) > MAX_SPEC_BYTES) break;
    spec = next;
  }
  return spec;
}

/** The calendar of ten years, and a model that reviews nothing in between. */
const MODEL = modelWith(({ calendars, rules }) => {
  const mumbai = calendars['in-mumbai'];
  if (mumbai) mumbai.validThrough = '2038-12-31';
  rules.governed.medium.approval.serveUntil = { months: 24 };
});

function change(story: Story, n: number, kind: 'spec' | 'prompt' = n % 4 === 0 ? 'spec' : 'prompt'): void {
  const changedSections = n % 2 === 0 ? ['prompt.tone'] : ['prompt.waivers'];
  story.when('open-change', { kind, changedSections, reason: text(`change ${n}`) }, 'leena').thenAccepted();
  if (kind === 'spec') {
    specify(story, largest(`version ${n}`), 'hari');
    approve(story, 'specification', 'leena', 'gita');
  }
  register(story, `release ${n}`, 'hari', changedSections);
  taxEvidence(story).when('submit-for-review', {}, 'hari').thenAccepted();
  const [gate] = Object.keys(story.state.gates);
  approve(story, gate ?? '', ...(gate === 'change' ? ['chitra'] : ['leena', 'gita']));
  if (n % 5 === 3) return back(story);
  story.world.metrics = ALL_WELL;
  story
    .after(3 * DAY)
    .when('accept-exposure', {}, 'omkar')
    .thenAccepted();
  if (n % 7 === 0) back(story);
}

/** A rollback, and whatever it takes to be unheld and without a delivery again. */
function back(story: Story): void {
  story.when('roll-back', { reason: text('why') }, 'omkar').thenAccepted();
  const hold = story.state.holds[0]?.id ?? '';
  const full = story.state.stage === 'live' && story.state.delivery === null;
  story.when('lift-hold', { hold, causeClass: 'model' }, full ? 'farah' : 'hari').thenAccepted();
  const key = Object.keys(story.state.gates).find((id) => id.startsWith('two-key')) ?? '';
  approve(story, key, full ? 'bela' : 'omkar');
  const open = story.state.stage === 'live' ? story.state.delivery?.change?.id : undefined;
  if (open) story.when('withdraw-change', { change: open, reason: text('why') }, 'leena').thenAccepted();
}

test('ten years of deliveries stay within the budgets', { timeout: 120_000 }, () => {
  const story = given(tax({ model: MODEL }), START);
  taxLive(story);
  let most = 0;
  let deliveries = 0;
  const until = ist(START) + YEARS * 365 * DAY;
  while (story.now < until) {
    deliveries++;
    change(story, deliveries);
    if (!story.state.serving) change(story, deliveries);
    story.after(20 * DAY);
    most = Math.max(most, bytes(story.state));
  }
  const largestEvent = Math.max(...story.events.map(bytes));
  process.stdout.write(
    `${deliveries} deliveries, ${story.events.length} events: state up to ${most} bytes, events up to ${largestEvent}\n`,
  );
  expect(deliveries).toBeGreaterThan(100);
  expect(bytes(largest('x'))).toBeGreaterThan(0.8 * MAX_SPEC_BYTES);
  expect(most).toBeLessThanOrEqual(256 * 1024);
  expect(largestEvent).toBeLessThanOrEqual(64 * 1024);
});

test('also where every delivery brings the largest spec there may be, and everything is at its fullest', () => {
  const story = taxLive(given(tax({ model: MODEL }), START));
  for (const n of [1, 2, 4, 5, 6, 9, 10]) {
    change(story, n, 'spec');
    story.after(20 * DAY);
  }
  expect(story.state.earlier).toHaveLength(5);
  story.world.notifier = 'down';
  const reason = text('fullest');
  story.when('open-change', { kind: 'spec', changedSections: [], reason }, 'leena').thenAccepted();
  for (let n = 0; n < 10; n++) {
    story.when('open-change', { kind: 'spec', changedSections: [], reason }, 'leena').thenAccepted();
  }
  for (let n = 0; n < 12; n++) {
    specify(story, largest(`version ${n}`), 'hari');
    approve(story, 'specification', 'leena');
  }
  for (let n = 0; n < 36; n++) {
    story.when('add-evidence', evidence(story, `kind-${n}`, GOOD_TAX, { about: [] }), 'ci').thenAccepted();
  }
  for (let n = 0; n < 50 + MAX_FINDINGS; n++) {
    const id = `finding/${n}`.padEnd(120, 'x');
    const finding = { id, kind: 'missing-in-temporal', gate: 'readiness', detail: 'x'.repeat(200) } as const;
    story.report({ type: 'finding', finding }).thenAccepted();
    story.when('ratify-finding', { finding: id, reason }, 'leena').thenAccepted();
    if (n < 50) story.when('ratify-finding', { finding: id, reason }, 'zoya').thenAccepted();
  }
  expect([story.state.findings.length, story.state.ratified.length]).toEqual([MAX_FINDINGS, 50]);
  process.stdout.write(`at its fullest the state has ${bytes(story.state)} bytes\n`);
  expect(bytes(story.state)).toBeLessThanOrEqual(256 * 1024);
});

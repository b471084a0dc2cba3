import { describe, expect, test } from 'vitest';
import type { StartInput } from '../../../src/domain/lifecycle/start-input.js';
import { held, specify, taxInCanary, taxInReview } from '../../support/decider/acts.js';
import { assign, leaves } from '../../support/decider/leaving.js';
import { given } from '../../support/decider/story.js';
import { DAY } from '../../support/decider/time.js';
import { kyc, kycComplete, low, tax, taxSpec } from '../../support/decider/use-cases.js';

const START = '2026-11-16 10:00';
const started = (start: StartInput = tax()) => given(start, START);

describe('before live', () => {
  test('operations is told from the specification on, also where it has no seat there', () => {
    const story = specify(started(), taxSpec(), 'hari');
    const told = story.all('NoticeRaised').filter(({ notice }) => notice.kind === 'information');
    expect(told.map(({ notice }) => [notice.gate, notice.to])).toEqual([
      ['specification', ['omkar', 'deepak']],
    ]);
  });

  test('nobody is both technical owner and change approver, whoever started it so', () => {
    const both = started(kyc({ rights: { ...kycComplete().rights, changeApprover: 'ravi' } }));
    both.when('open-gate', { gate: 'scoping' }, 'nikhil').thenRejected('right-conflict', 'changeApprover');
    const easy = low({ rights: { ...low().rights, changeApprover: 'hari' } });
    expect(started(easy).state.stage).toBe('scoping');
  });

  test.for([
    ['tax', () => taxInReview(started())],
    ['low', () => started(low())],
  ] as const)('%s: a vacant operating owner keeps everything where it is', ([, start]) => {
    const story = leaves(start(), 'omkar');
    const { stage } = story.state;
    story.after(3 * DAY);
    expect(story.state.stage).toBe(stage);
    expect(story.state.exposure.wanted.candidate).toBeNull();
  });

  test('operations accepts: the handover of the right comes first', () => {
    const story = taxInCanary(started());
    leaves(story, 'omkar');
    story.when('accept-exposure', {}, 'deepak').thenRejected('not-permitted');
    assign(story, 'operatingOwner', 'deepak');
    story.when('accept-handover', { right: 'operatingOwner' }, 'deepak').thenAccepted();
    expect(held(story)).toEqual([]);
  });
});

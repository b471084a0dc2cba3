/** What each kind of work does: one call to the outside, its outcome as a report. */
import { ActivityFailure, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/types.js';
import { askedAbout } from '../../domain/lifecycle/approval.js';
import type { Report } from '../../domain/lifecycle/reports.js';
import type {
  ConfirmGate,
  ConfirmHolders,
  Notify,
  SetExposure,
  Verify,
  Work,
  WorkKind,
} from '../../domain/lifecycle/work.js';
import type { WatchRelease } from '../../domain/live/watch-work.js';
import { EFFECT, MEASUREMENT, NOTIFICATION, QUICK, WATCH } from './options.js';

async function confirmGate({ gate, generation, team, approvers, summary }: ConfirmGate): Promise<Report> {
  const { confirmApprovers } = proxyActivities<Activities>({ ...QUICK, summary });
  const ineligible = await confirmApprovers({ team, approvers });
  const asked = askedAbout(approvers);
  return { type: 'gate-confirmed', gate, generation, asked, ineligible };
}

async function confirmHolders({ team, people, summary }: ConfirmHolders): Promise<Report> {
  const activities = proxyActivities<Activities>({ ...QUICK, summary });
  const gone = await activities.confirmHolders({ team, people });
  return { type: 'holders-confirmed', asked: people, gone };
}

async function setExposure({ kind: _kind, lane: _lane, summary, ...work }: SetExposure): Promise<Report> {
  const activities = proxyActivities<Activities>({ ...EFFECT, summary });
  const { fence } = work;
  const done = await activities.setExposure(work);
  switch (done.outcome) {
    case 'applied':
      return { type: 'exposure-applied', fence, allocation: done.allocation };
    case 'ineligible':
      return { type: 'exposure-refused', fence, people: done.people };
    case 'fenced':
      return { type: 'exposure-fenced', fence, found: done.fence };
  }
}

async function verify({ kind: _kind, lane: _lane, summary, ...work }: Verify): Promise<Report> {
  const { sampleMetrics } = proxyActivities<Activities>({ ...MEASUREMENT, summary });
  const { to } = work;
  try {
    return { type: 'verified', to, samples: await sampleMetrics(work) };
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    return { type: 'verified', to, samples: 'errored' };
  }
}

async function watch({
  kind: _kind,
  lane: _lane,
  key: _key,
  summary,
  ...work
}: WatchRelease): Promise<Report> {
  const { watchRelease } = proxyActivities<Activities>({ ...WATCH, summary });
  const { release } = work;
  return { type: 'watched', release, seen: await watchRelease(work) };
}

async function notify({ kind: _kind, lane: _lane, key: _key, summary, ...work }: Notify): Promise<Report> {
  const { deliverNotices } = proxyActivities<Activities>({ ...NOTIFICATION, summary });
  await deliverNotices(work);
  const { notices } = work;
  return { type: 'notices-delivered', ids: notices.map(({ id }) => id) };
}

type Doing = { readonly [K in WorkKind]: (work: Extract<Work, { kind: K }>) => Promise<Report> };

const DOING: Doing = {
  'confirm-gate': confirmGate,
  'confirm-holders': confirmHolders,
  'set-exposure': setExposure,
  verify,
  watch,
  notify,
};

/** Does one work to its end. Throws what the activity threw for good, and cancellations. */
export function doWork<K extends WorkKind>(work: Extract<Work, { kind: K }>): Promise<Report> {
  const doing = DOING[work.kind] as (work: Extract<Work, { kind: K }>) => Promise<Report>;
  return doing(work);
}

/**
 * One notice to one person, and what is gathered for a person into one message. Short workflows beside the lifecycles,
 * so that none of them waits for somebody's mail server; their ids are what makes each notice told once.
 */
import { condition, continueAsNew, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/types.js';
import { parseGathered } from '../contracts/gathered.js';
import { type DigestInput, type Gathered, joinDigestSignal, type NoticeInput } from './messages/notices.js';
import { TASK_QUEUES } from './messages.js';
import { type Told, tell } from './tell.js';

/** One message carries at most so many; with more it does not wait for its time. */
const MOST = 40;

/** Tells one person of one notice, or hands it to the digest of that person. */
export async function notice(input: NoticeInput): Promise<Told> {
  return tell(input, true);
}

/** Tells one person of what was gathered. */
export async function message(input: NoticeInput): Promise<Told> {
  return tell(input, false);
}

/**
 * Gathers what one person is to be told for a team until the first of it is due to be, and has another workflow send it:
 * while that tries for days, the next digest goes its way. Joined by `signalWithStart`.
 */
export async function digest({ person, team, patience, gathered }: DigestInput): Promise<void> {
  const waiting: Gathered[] = [...gathered];
  const known = (joining: Gathered) => waiting.some(({ item }) => item.notice === joining.item.notice);
  // Anybody can send signals: what is none must not keep from their reader what has been gathered.
  setHandler(joinDigestSignal, (message: unknown) => {
    const joining = parseGathered(message);
    if (joining && !known(joining)) waiting.push(joining);
  });
  await condition(() => waiting.length > 0);
  const left = () => Math.max(1, Math.min(...waiting.map(({ at }) => at)) - Date.now());
  await condition(() => waiting.length >= MOST, left(), {
    summary: `gather for ${person}`,
  });
  const sent = waiting.splice(0, MOST);
  const input: NoticeInput = { person, team, patience, items: sent.map(({ item }) => item) };
  const { beginMessage } = proxyActivities<Activities>({
    taskQueue: TASK_QUEUES.notify,
    startToCloseTimeout: '10s',
    retry: { initialInterval: '1s', maximumInterval: '1m' },
    summary: `tell ${person} of ${sent.length} notices`,
  });
  const { workflowId, runId } = workflowInfo();
  await beginMessage({ ...input, id: `${workflowId}/${runId}` });
  if (waiting.length > 0) await continueAsNew<typeof digest>({ person, team, patience, gathered: waiting });
}

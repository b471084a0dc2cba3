/** One look at some runs: what happened in them since the last, against what the ledger has by now. */
import type { Act } from '../ledger/reconcile/acts.js';
import { type Awaited, awaitedOf, findingsIn, startIn } from '../ledger/reconcile/compare.js';
import { type Finding, lacking } from '../ledger/reconcile/finding.js';
import type { Note, Noted, ReconcileRecords, Standing } from '../ledger/reconcile/records.js';
import { type Documents, DocumentsUnavailable } from '../ports/documents.js';
import type { Reading } from './reconcile-history.js';
import { keyIn, type ReconcileTemporal, type RunNow } from './reconcile-temporal.js';

export interface LookDependencies {
  readonly temporal: ReconcileTemporal;
  readonly records: ReconcileRecords;
  readonly documents: Pick<Documents, 'get'>;
  /** The root keys that prove what is ours; absent under trust `dev`. Throws `SigningUnavailable`. */
  readonly roots?: () => Promise<readonly string[]>;
  /** How long the ledger and the documents may be behind before that is a finding. */
  readonly patienceMs: number;
}

/** A run to look at; without a run id the current one of a lifecycle that the ledger has open up to `seq`. */
export interface Candidate {
  readonly workflowId: string;
  readonly runId?: string;
  readonly seq?: number;
}

export interface Look {
  readonly findings: readonly Finding[];
  /** null where there is nothing to remember. */
  readonly note: Note | null;
  /** Whether there was anything new to read. */
  readonly read: boolean;
}

const DRAIN = 'appendEntries';
const OPEN = { retired: false, superseded: false };
const NOTHING: Look = { findings: [], note: null, read: false };

interface Seen {
  readonly run: RunNow;
  readonly lifecycle: string | null;
  readonly before: Noted;
  /** null: nothing has changed since. */
  readonly reading: Reading | null;
}

const NEVER_SEEN: Noted = { eventId: 0, acknowledged: 0, awaited: null, asked: false };

/** Looks at runs together. Throws what Temporal, the ledger and the documents throw. */
export async function lookAt(candidates: readonly Candidate[], from: LookDependencies): Promise<Look[]> {
  const { temporal, records } = from;
  const described = await Promise.all(
    candidates.map(async (candidate) => ({
      candidate,
      run: await temporal.describe(candidate.workflowId, candidate.runId),
    })),
  );
  const runs = described.flatMap(({ run }) => (run ? [{ run, lifecycle: keyIn(run.workflowId) }] : []));
  const noted = await records.noted(runs.map(({ run: { runId }, lifecycle }) => ({ runId, lifecycle })));
  const seen = await Promise.all(
    runs.map(async ({ run, lifecycle }): Promise<Seen | null> => {
      const before = noted.get(run.runId) ?? NEVER_SEEN;
      if (run.lastEvent === before.eventId) return { run, lifecycle, before, reading: null };
      const reading = await temporal.read(run, before.eventId);
      return reading ? { run, lifecycle, before, reading } : null;
    }),
  );
  // Asked after the histories were read, so that what it lacks of them it lacked when they already had it.
  const standing = await records.standing(runs.flatMap(({ lifecycle }) => lifecycle ?? []));
  const looks = seen.map((one) => (one ? judge(one, standing.get(one.lifecycle ?? ''), from) : NOTHING));
  const lost = described.map(({ candidate, run }) => (run ? NOTHING : lostOf(candidate, from)));
  return Promise.all([...looks, ...lost]);
}

async function lostOf({ workflowId, seq }: Candidate, { records }: LookDependencies): Promise<Look> {
  const lifecycle = keyIn(workflowId);
  if (seq === undefined || lifecycle === null || (await records.retired(lifecycle))) return NOTHING;
  const detail = `open in the ledger up to number ${seq}, unknown to Temporal`;
  return {
    ...NOTHING,
    findings: [lacking('missing-in-temporal', { lifecycle, runId: '' }, Date.now(), detail)],
  };
}

async function judge(seen: Seen, standing: Standing | undefined, from: LookDependencies): Promise<Look> {
  const { run, lifecycle, before, reading } = seen;
  const { runId } = run;
  const acts = reading?.acts ?? [];
  const ending = acts.some(({ act }) => act === 'closed') ? await endingOf(run, lifecycle, from) : OPEN;
  const roots = acts.length > 0 ? await from.roots?.() : undefined;
  const setting = { lifecycle, runId, ...ending, ...(roots && { roots }) };
  const found = findingsIn(acts, setting);
  const start = await judgeStart(acts, found, standing, from);
  const acknowledged = Math.max(reading?.acknowledged ?? 0, before.acknowledged);
  const awaited = run.open && lifecycle !== null ? awaitedBy(seen, acknowledged, standing) : null;
  const waiting = await judgeWaiting(seen, from);
  const eventId = start.settled ? (reading?.lastEvent ?? before.eventId) : before.eventId;
  return {
    findings: [
      ...found,
      ...start.findings.map((finding) => ({ ...finding, lifecycle, runId })),
      ...lostToLedger(setting, awaited, from),
      ...waiting.findings,
    ],
    note: { lifecycle, runId, eventId, acknowledged, awaited, asked: waiting.asked },
    read: reading !== null,
  };
}

async function endingOf(run: RunNow, lifecycle: string | null, from: LookDependencies): Promise<typeof OPEN> {
  const superseded = await isSuperseded(run, from);
  return { superseded, retired: lifecycle !== null && (await from.records.retired(lifecycle)) };
}

/** A reset ends the run that it replaces; whoever restarts under the same id makes a new chain. */
async function isSuperseded(run: RunNow, { temporal }: LookDependencies): Promise<boolean> {
  const current = await temporal.describe(run.workflowId);
  return current !== undefined && current.runId !== run.runId && current.firstRunId === run.firstRunId;
}

/**
 * Whether the start is on record among the documents, where nothing else is wrong with it. Not settled as long as
 * the ledger has it too short: documents that were spooled through an outage come a little later.
 */
async function judgeStart(
  acts: readonly Act[],
  found: readonly Finding[],
  standing: Standing | undefined,
  { documents, patienceMs }: LookDependencies,
): Promise<{
  readonly settled: boolean;
  readonly findings: readonly Omit<Finding, 'lifecycle' | 'runId'>[];
}> {
  const started = acts.find(({ act }) => act === 'started');
  if (started?.act !== 'started' || found.some(({ kind }) => kind === 'unknown-start'))
    return { settled: true, findings: [] };
  if (standing === undefined || Date.now() - standing.since < patienceMs)
    return { settled: false, findings: [] };
  const digest = startIn(started.argument)?.recordedAs ?? '';
  if (standing.start === digest && (await isStored(digest, documents)))
    return { settled: true, findings: [] };
  const { eventId, at, identity, principal } = started;
  const detail = 'its start is not on record';
  const about = {
    kind: 'unknown-start',
    eventId,
    seq: null,
    at,
    gate: null,
    identity,
    principal,
    detail,
  } as const;
  return { settled: true, findings: [about] };
}

/** Whether there is, or was until it was erased or damaged, a document of this digest. */
async function isStored(digest: string, documents: LookDependencies['documents']): Promise<boolean> {
  try {
    return (await documents.get(digest)) !== undefined;
  } catch (error) {
    if (error instanceof DocumentsUnavailable) throw error;
    return true;
  }
}

function awaitedBy(
  { run, before }: Seen,
  acknowledged: number,
  standing: Standing | undefined,
): Awaited | null {
  const recorded = standing?.seq ?? 0;
  const appending = run.activities.includes(DRAIN);
  return awaitedOf({ acknowledged, recorded, appending, awaited: before.awaited }, Date.now());
}

function lostToLedger(
  setting: Pick<Finding, 'lifecycle' | 'runId'>,
  awaited: Awaited | null,
  { patienceMs }: LookDependencies,
): Finding[] {
  const now = Date.now();
  if (awaited === null || now - awaited.since < patienceMs) return [];
  const detail = `number ${awaited.seq} was acknowledged and is not in the ledger`;
  return [lacking('missing-in-ledger', setting, now, detail, awaited.seq)];
}

/** Asked once, when nothing moves any more: what it waits for changes only with its history. */
async function judgeWaiting(
  { run, lifecycle, before, reading }: Seen,
  { temporal }: LookDependencies,
): Promise<{ readonly asked: boolean; readonly findings: readonly Finding[] }> {
  if (reading !== null || before.asked) return { asked: reading === null, findings: [] };
  if (!run.open || lifecycle === null || run.moving || run.activities.length > 0)
    return { asked: false, findings: [] };
  const things = await temporal.waitsFor(run);
  if (things !== 0) return { asked: things !== undefined, findings: [] };
  if (await temporal.hasTimer(run)) return { asked: true, findings: [] };
  const detail = `nothing has moved since event ${run.lastEvent}`;
  const setting = { lifecycle, runId: run.runId };
  // By what it last answered, not by its last event: being told of this finding is an event too.
  const finding = lacking('waits-on-nothing', setting, Date.now(), detail, before.acknowledged);
  return { asked: true, findings: [finding] };
}

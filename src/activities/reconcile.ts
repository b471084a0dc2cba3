import { Context } from '@temporalio/activity';
import { type Finding, findingEntry, findingId } from '../ledger/reconcile/finding.js';
import type { ReconcileRecords } from '../ledger/reconcile/records.js';
import type { Ledger } from '../ports/ledger.js';
import { lifecycleId } from '../workflows/messages.js';
import { type Candidate, type Look, type LookDependencies, lookAt } from './reconcile-look.js';
import type { Activities, PassPage } from './types.js';

export interface ReconcileDependencies extends Omit<LookDependencies, 'patienceMs'> {
  readonly ledger: Pick<Ledger, 'append'>;
  /** How long the ledger and the documents may be behind before that is a finding; one minute. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 60_000;
const PAGE = 200;
/** Runs looked at together: so many histories are in memory at once. */
const TOGETHER = 8;
/** Lists of the server lag behind a little, and clocks differ. */
const OVERLAP_MS = 10 * 60_000;
/** Longer than what is listed again, so that nothing is read twice. */
const KEEP_MS = 24 * 3_600_000;

interface Listed {
  readonly runs: readonly Candidate[];
  readonly next: string | null;
}

/** Looks at a page of runs, records what it finds, freezes what that touches, and says which page comes next. */
export function createReconcilePage(given: ReconcileDependencies): Pick<Activities, 'reconcilePage'> {
  const from = { patienceMs: PATIENCE_MS, ...given };
  const { temporal, records } = from;

  const list = async ({ part, cursor, pass }: PassPage): Promise<Listed> => {
    switch (part) {
      case 'open':
        return temporal.open(cursor, PAGE);
      case 'closed': {
        const last = await records.lastPass();
        return temporal.closed(last === null ? null : last - OVERLAP_MS, cursor, PAGE);
      }
      case 'recorded': {
        const unseen = await records.unseen(pass, cursor ?? '', PAGE);
        const next = unseen.length < PAGE ? null : (unseen.at(-1)?.key ?? null);
        return { runs: unseen.map(({ key, seq }) => ({ workflowId: lifecycleId(key), seq })), next };
      }
    }
  };

  return {
    async reconcilePage(page) {
      const { runs, next } = await list(page);
      const looks: Look[] = [];
      for (let first = 0; first < runs.length; first += TOGETHER) {
        Context.current().heartbeat(first);
        looks.push(...(await lookAt(runs.slice(first, first + TOGETHER), from)));
      }
      const findings = looks.flatMap((look) => look.findings);
      const found = await record(findings, from);
      // Last: what was not recorded for some reason is to be found again.
      await records.note(
        looks.flatMap(({ note }) => note ?? []),
        page.pass,
      );
      const following = pageAfter(page, next);
      if (following === null) await records.passed(page.pass, KEEP_MS);
      return { next: following, runs: runs.length, read: looks.filter(({ read }) => read).length, found };
    },
  };
}

/** Tells the lifecycles and appends to the ledger what is not there yet; answers how many. */
async function record(
  findings: readonly Finding[],
  { temporal, ledger, records }: ReconcileDependencies & { records: ReconcileRecords },
): Promise<number> {
  if (findings.length === 0) return 0;
  const known = await records.recorded(findings.map(findingId));
  const fresh = findings.filter((finding) => !known.has(findingId(finding)));
  for (const finding of fresh) {
    await temporal.report(finding);
    await ledger.append([findingEntry(finding)]);
  }
  return fresh.length;
}

function pageAfter({ pass, part }: PassPage, cursor: string | null): PassPage | null {
  if (cursor !== null) return { pass, part, cursor };
  switch (part) {
    case 'open':
      return { pass, part: 'closed', cursor: null };
    case 'closed':
      return { pass, part: 'recorded', cursor: null };
    case 'recorded':
      return null;
  }
}

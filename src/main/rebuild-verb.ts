import type { Command } from 'commander';
import type pg from 'pg';
import { UsageError } from '../cli/client/problems.js';
import type { Terminal } from '../cli/terminal/terminal.js';
import { EXIT } from '../contracts/problem.js';
import type { Report } from '../ledger/projection/rebuild.js';
import type { Documents } from '../ports/documents.js';

/** The owner's connections, and where what lifecycles began from is kept. */
interface Opened {
  readonly pool: pg.Pool;
  readonly documents: Pick<Documents, 'get'>;
}

interface RebuildFlags {
  readonly check?: boolean;
  readonly after?: string;
  readonly json?: boolean;
}

/** A report names this many at most. */
const NAMED = 20;

/**
 * The verb that makes lists and inboxes from the ledger anew, or says whether they are what the ledger leads to.
 * `open` connects as the owner, without a limit to how long a statement takes; `ledger` is the group of verbs.
 */
export function rebuildVerb(ledger: Command, terminal: Terminal, open: () => Promise<Opened>): void {
  ledger
    .command('rebuild')
    .description('Make lists and inboxes from the ledger anew; all goes on meanwhile')
    .option('--check', 'change nothing, and exit 0 only if they are what the ledger leads to')
    .option('--after <key>', 'begin behind this lifecycle, where a run that was stopped had come to')
    .option('--json', 'as one JSON document')
    .action(async (flags: RebuildFlags) => {
      const { pool, documents } = await open();
      try {
        const report = await run(pool, documents, flags, terminal);
        show(report, flags, terminal);
        if (report.failed > 0) throw new UsageError(failure(report, flags), { exit: EXIT.refused });
      } finally {
        await pool.end();
      }
    });
}

async function run(
  pool: pg.Pool,
  documents: Pick<Documents, 'get'>,
  { check, after }: RebuildFlags,
  { err }: Terminal,
): Promise<Report> {
  // Here, because other verbs should not wait for a database's driver to load.
  const { compareProjections, rebuildProjections } = await import('../ledger/projection/rebuild.js');
  let next = performance.now() + 1_000;
  const progress = (done: number, of: number, upTo: string): void => {
    if (performance.now() < next) return;
    next = performance.now() + 1_000;
    err(`${done} of ${of} lifecycles, up to ${upTo}`);
  };
  const walk = { progress, ...(after !== undefined && { after }) };
  const report = await (check ? compareProjections : rebuildProjections)(pool, documents, walk);
  const { compareItems, rebuildItems } = await import('../ledger/projection/refold-items.js');
  if (!check) await rebuildItems(pool);
  const wrong = check ? await compareItems(pool) : [];
  return {
    ...report,
    failed: report.failed + wrong.length,
    named: [...report.named, ...wrong].slice(0, NAMED),
  };
}

function show(report: Report, { check, json }: RebuildFlags, { out, err, paint }: Terminal): void {
  if (json) return out(JSON.stringify(report, null, 2));
  for (const line of report.named) err(line);
  if (report.failed > 0) return;
  const what = check ? 'are shown as the ledger has them' : 'are made from the ledger anew';
  out(paint.good(`${report.lifecycles} lifecycles ${what}.`));
}

function failure({ failed, named, lifecycles }: Report, { check }: RebuildFlags): string {
  const more = failed > named.length ? `, of which the first ${named.length} are named` : '';
  return check
    ? `${failed} of ${lifecycles} lifecycles are not shown as the ledger has them${more}: airworthy ledger rebuild makes them anew.`
    : `${failed} of ${lifecycles} lifecycles cannot be folded${more}: restore the documents they began from.`;
}

import { readFile, rename, rm } from 'node:fs/promises';
import type { Command } from 'commander';
import type pg from 'pg';
import { reason, systemCode } from '../adapters/system-error.js';
import { Unreachable, UsageError } from '../cli/client/problems.js';
import type { Terminal } from '../cli/terminal/terminal.js';
import { again } from '../cli/verbs/again.js';
import { EXIT } from '../contracts/problem.js';
import type { LedgerSource } from '../ledger/bundle/source.js';
import type { Progress, Verdict, VerifierOptions } from '../ledger/verify/verifier.js';
import type { OnProgress } from '../ledger/verify/verify-file.js';

interface VerifyFlags {
  readonly key?: readonly string[];
  readonly witness?: readonly string[];
  readonly strict?: boolean;
  readonly json?: boolean;
}

/**
 * The verbs that export the ledger and verify it, which need no API, and no database either for a file. `openPool`
 * connects as whoever may read; `ledger` is the group of verbs that they join.
 */
export function bundleVerbs(ledger: Command, terminal: Terminal, openPool: () => Promise<pg.Pool>): void {
  ledger
    .command('verify [file]')
    .description('Verify an exported bundle, or the database where no file is named')
    .option('--key <file>', 'trust only the public keys in this PEM file; again for more', again)
    .option(
      '--witness <file>',
      'checkpoints, as a witness holds them, that must be in it; again for more',
      again,
    )
    .option('--strict', 'check also that every entry is in its canonical form')
    .option('--json', 'as one JSON document')
    .action(async (file: string | undefined, flags: VerifyFlags) => {
      const options = await optionsOf(flags);
      const onProgress = everySecond(terminal);
      const verdict =
        file === undefined
          ? await withSource(openPool, (source) => verifyDatabase(source, options, onProgress))
          : await verifyBundle(file, options, onProgress);
      await show(verdict, flags, terminal);
      if (!verdict.ok)
        throw new UsageError('The ledger is not what it claims to be.', { exit: EXIT.refused });
    });

  ledger
    .command('export')
    .description('Write the ledger, or one lifecycle of it, as a bundle that anybody can verify')
    .option('--lifecycle <key>', 'only this one; else everything')
    .requiredOption('--out <file>', 'file to write; compressed where its name ends in .gz')
    .action(async ({ lifecycle, out }: { lifecycle?: string; out: string }) => {
      await withSource(openPool, (source) => writeBundleFile(source, lifecycle, out));
      terminal.out(`Wrote ${out}. Verify it by: airworthy ledger verify ${out}`);
    });
}

async function optionsOf({ key, witness, strict }: VerifyFlags): Promise<VerifierOptions> {
  const { readPublicKeys, readWitnessed } = await import('../ledger/verify/read-trust.js');
  const all = async <T>(files: readonly string[] | undefined, read: (text: string) => readonly T[]) =>
    files && (await Promise.all(files.map(async (file) => readGiven(file, read)))).flat();
  return { keys: await all(key, readPublicKeys), witnessed: await all(witness, readWitnessed), strict };
}

async function readGiven<T>(file: string, read: (text: string) => T): Promise<T> {
  try {
    return read(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new UsageError(`${file} cannot be used: ${reason(cause)}`, { cause });
  }
}

async function verifyBundle(
  file: string,
  options: VerifierOptions,
  onProgress: OnProgress,
): Promise<Verdict> {
  const { verifyFile } = await import('../ledger/verify/verify-file.js');
  try {
    return await verifyFile(file, options, onProgress);
  } catch (cause) {
    throw new UsageError(`${file} cannot be read: ${reason(cause)}`, { cause });
  }
}

async function verifyDatabase(
  source: LedgerSource,
  options: VerifierOptions,
  onProgress: OnProgress,
): Promise<Verdict> {
  const { verifySource } = await import('../ledger/verify/verify-source.js');
  return verifySource(source, options, onProgress);
}

async function withSource<T>(
  openPool: () => Promise<pg.Pool>,
  use: (source: LedgerSource) => Promise<T>,
): Promise<T> {
  const { openPostgresSource } = await import('../ledger/bundle/postgres-source.js');
  const pool = await openPool();
  try {
    const source = await openPostgresSource(pool);
    try {
      return await use(source);
    } finally {
      await source.close();
    }
  } catch (cause) {
    throw unreadable(cause);
  } finally {
    await pool.end();
  }
}

/** Errors of ours pass; everything else is the database's or the network's. */
function unreadable(cause: unknown): unknown {
  if (cause instanceof UsageError) return cause;
  return new Unreachable(
    `The database cannot be read: ${reason(cause)}. Start it, or name another in DATABASE_URL.`,
    { cause },
  );
}

async function writeBundleFile(
  source: LedgerSource,
  lifecycle: string | undefined,
  out: string,
): Promise<void> {
  const { exportToFile } = await import('../ledger/bundle/bundle-file.js');
  const { LifecycleNotRecorded } = await import('../ledger/bundle/write-bundle.js');
  // Under another name until it is whole: half a bundle must not be taken for one.
  const part = `${out}.part`;
  try {
    await exportToFile(source, lifecycle, part, out.endsWith('.gz'));
    await rename(part, out);
  } catch (cause) {
    await rm(part, { force: true });
    if (cause instanceof LifecycleNotRecorded)
      throw new UsageError(cause.message, { exit: EXIT.notFound, cause });
    if (systemCode(cause) !== undefined && 'path' in (cause as Error)) {
      throw new UsageError(`${out} cannot be written: ${reason(cause)}`, { cause });
    }
    throw cause;
  }
}

async function show(verdict: Verdict, { json }: VerifyFlags, { out, paint }: Terminal): Promise<void> {
  if (json) return out(JSON.stringify(verdict, null, 2));
  const { verdictLines } = await import('../ledger/verify/verdict-lines.js');
  const [first = '', ...rest] = verdictLines(verdict);
  out(verdict.ok ? paint.good(first) : paint.bad(first));
  for (const line of rest) out(line);
}

/** Tells how far it is once a second, on the side, for whoever waits for something large. */
function everySecond({ err }: Terminal): OnProgress {
  let next = performance.now() + 1_000;
  return ({ entries, chains, bytes }: Progress) => {
    const now = performance.now();
    if (now < next) return;
    next = now + 1_000;
    err(`${entries} entries of ${chains} chains, ${Math.round(bytes / 1e6)} MB`);
  };
}

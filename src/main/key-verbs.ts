import type { Command } from 'commander';
import type pg from 'pg';
import type { Terminal } from '../cli/terminal/terminal.js';
import { elapsedOf, elapsedTime } from '../contracts/duration-text.js';
import type { SigningKey } from '../ledger/anchors/signing-keys.js';
import { publicKeyOf } from '../ledger/verify/checkpoint.js';
import { readEnvironment } from './environment.js';
import { OperatorError } from './operator-error.js';

const OVERLAP = '7d';

const instant = (at: number): string => new Date(at).toISOString();

function pem(publicKey: Uint8Array): string {
  return String(publicKeyOf(publicKey).export({ type: 'spki', format: 'pem' })).trim();
}

function asJson({ key, publicKey, validFrom, retiredAt }: SigningKey) {
  const end = retiredAt === null ? null : instant(retiredAt);
  return { key, validFrom: instant(validFrom), retiredAt: end, publicKey: pem(publicKey) };
}

function overlapOf(text: string): number {
  if (elapsedTime.safeParse(text).success) return elapsedOf(text);
  if (/^0+[a-z]*$/.test(text)) return 0;
  throw new OperatorError(
    `--overlap ${text}: write elapsed time, such as 7d or 12h; 0 for a key that leaked.`,
  );
}

/**
 * The verbs about the keys that sign checkpoints, which need the database and no API. `openPool` connects as whoever
 * may append; `ledger` is the group of verbs that they join.
 */
export function keyVerbs(ledger: Command, { out }: Terminal, openPool: () => Promise<pg.Pool>): void {
  const withPool = async (run: (pool: pg.Pool) => Promise<void>): Promise<void> => {
    // Here, because other verbs should not wait for a database's driver to load.
    const { SigningKeyUnusable } = await import('../ledger/anchors/private-keys.js');
    const pool = await openPool();
    try {
      await run(pool);
    } catch (error) {
      throw error instanceof SigningKeyUnusable ? new OperatorError(`${error.message}.`) : error;
    } finally {
      await pool.end();
    }
  };

  ledger
    .command('keys')
    .description('The public keys that sign checkpoints, as PEM')
    .option('--json', 'as one JSON document')
    .action(({ json }: { json?: boolean }) =>
      withPool(async (pool) => {
        const { signingKeys } = await import('../ledger/anchors/signing-keys.js');
        const keys = await signingKeys(pool);
        if (json) return out(JSON.stringify(keys.map(asJson), null, 2));
        for (const { key, validFrom, retiredAt, publicKey } of keys.map(asJson)) {
          out(`# ${key}, from ${validFrom}${retiredAt === null ? '' : ` until ${retiredAt}`}\n${publicKey}`);
        }
      }),
    );

  ledger
    .command('rotate-key')
    .description('Let a new key sign checkpoints, beside the old one for a while')
    .option('--overlap <time>', 'how long the old key signs on; 0 if it leaked', OVERLAP)
    .action(({ overlap }: { overlap: string }) =>
      withPool(async (pool) => {
        const { privateKeysOf } = await import('./anchoring.js');
        const { rotateKey } = await import('../ledger/anchors/signing-keys.js');
        const keys = privateKeysOf(readEnvironment());
        const { added, retired } = await rotateKey(pool, keys, overlapOf(overlap), Date.now());
        out(`Key ${added.key} signs from now on.`);
        for (const { key, retiredAt } of retired) out(`Key ${key} signs until ${instant(retiredAt ?? 0)}.`);
        out(pem(added.publicKey));
      }),
    );
}

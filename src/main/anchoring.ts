import { join } from 'node:path';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Anchoring } from '../activities/seal-checkpoint.js';
import { createFileWitness } from '../adapters/file-witness.js';
import { createWebhookWitness } from '../adapters/webhook-witness.js';
import { keysOfFile, keysOfFolder, keysOfText, type PrivateKeys } from '../ledger/anchors/private-keys.js';
import { createSealer } from '../ledger/anchors/seal.js';
import { createWitnessing } from '../ledger/anchors/witnessing.js';
import type { Witness } from '../ports/witness.js';
import type { Environment } from './environment.js';
import { openEgress } from './open-egress.js';
import { OperatorError } from './operator-error.js';

const WEBHOOK_TIMEOUT_MS = 10_000;

/** Where the settings say that the keys are which sign checkpoints. */
export function privateKeysOf({ signingKey, signingKeyFile, home }: Environment): PrivateKeys {
  if (signingKey !== undefined) return keysOfText(signingKey, 'AIRWORTHY_SIGNING_KEY');
  if (signingKeyFile !== undefined) return keysOfFile(signingKeyFile);
  return keysOfFolder(join(home, 'keys'));
}

/** What seals the ledger and who witnesses it, as the settings say. Throws OperatorError where a secret is none. */
export function createAnchoring(
  environment: Environment,
  pool: pg.Pool,
  log: Pick<Logger, 'warn'>,
): Anchoring {
  const { trust, witnessFile } = environment;
  const webhook = webhookOf(environment);
  return {
    sealer: createSealer({ pool, keys: privateKeysOf(environment), makesFirstKey: trust === 'dev' }),
    witnessing: createWitnessing(pool, {
      file: createFileWitness(witnessFile, log),
      ...(webhook && { webhook }),
    }),
  };
}

function webhookOf({ witnessUrl, witnessSecrets, notify }: Environment): Witness | undefined {
  if (witnessUrl === undefined) return undefined;
  const egress = openEgress(notify, [witnessUrl]);
  try {
    const options = { egress, url: witnessUrl, secrets: witnessSecrets, timeoutMs: WEBHOOK_TIMEOUT_MS };
    return createWebhookWitness(options);
  } catch {
    // Without what the library says, which may quote the secret.
    throw new OperatorError('AIRWORTHY_WITNESS_SECRET is no secret of a webhook: write whsec_ and base64.');
  }
}

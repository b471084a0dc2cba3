import { type Signer, SigningUnavailable } from '../ports/signer.js';
import { createKeyRing } from '../signing/key-ring.js';
import { knownRootsIn, pinnedRootsIn } from '../signing/sources.js';
import type { Environment } from './environment.js';
import { OperatorError } from './operator-error.js';
import { keySources, rootsSource } from './signing-settings.js';

type Settings = Pick<Environment, 'signing' | 'home'>;

/** What signs commands, as the settings say. Throws OperatorError where nothing could be signed now. */
export async function openSigner({ signing, home }: Settings): Promise<Signer> {
  const signer = createKeyRing(keySources(signing, home));
  await inWords(() => signer.key(Date.now()));
  return signer;
}

/** Root keys, read anew each time: those that are believed, and all on file. Throws OperatorError for none now. */
export async function openRoots({ signing, home }: Settings) {
  const text = rootsSource(signing, home);
  const believed = async (): Promise<readonly string[]> => pinnedRootsIn(await text()).roots;
  await inWords(believed);
  return { believed, known: async () => knownRootsIn(await text()) };
}

async function inWords(attempt: () => Promise<unknown>): Promise<void> {
  try {
    await attempt();
  } catch (error) {
    if (!(error instanceof SigningUnavailable)) throw error;
    throw new OperatorError(`AIRWORTHY_TRUST=signed: ${error.message}.`);
  }
}

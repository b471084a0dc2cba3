import { createHttpReleaseTarget } from '../adapters/http-release-target.js';
import type { ReleaseTarget } from '../ports/release-target.js';
import type { Environment } from './environment.js';
import { OperatorError } from './operator-error.js';

const TIMEOUT_MS = 20_000;

type Settings = Pick<Environment, 'targets' | 'targetUrl'> & {
  readonly notify: Pick<Environment['notify'], 'egressPrivate'>;
};

/** Where releases serve, as the settings say. Throws OperatorError where they say nothing, or nothing that works. */
export async function openReleaseTarget(
  { targets: path, targetUrl, notify }: Settings,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): Promise<ReleaseTarget> {
  const privateNetworks = notify.egressPrivate;
  if (path === undefined) {
    if (targetUrl !== undefined)
      return createHttpReleaseTarget({ baseUrl: targetUrl, timeoutMs: TIMEOUT_MS, privateNetworks });
    throw new OperatorError(
      'AIRWORTHY_TARGETS and AIRWORTHY_TARGET_URL are not set: name where releases serve, or start everything with npm run up.',
    );
  }
  // Loaded where it is asked for: a worker of development starts without it.
  const { openTargets } = await import('../adapters/targets/open-targets.js');
  try {
    return await openTargets({ path, variables, privateNetworks });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new OperatorError(`AIRWORTHY_TARGETS=${path}: ${said}`);
  }
}

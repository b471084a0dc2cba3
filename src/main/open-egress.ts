import { createEgress, type Egress } from '../adapters/egress/egress.js';
import type { NotifySettings } from './notify-settings.js';
import { OperatorError } from './operator-error.js';

/**
 * The way out to what the settings allow, and to those addresses that other settings name: whoever names one allows
 * it, but not the private network that it may lead into. Throws OperatorError where a setting is none.
 */
export function openEgress(
  { egressAllow, egressPrivate }: Pick<NotifySettings, 'egressAllow' | 'egressPrivate'>,
  named: readonly string[],
): Egress {
  const hosts = named.map((url) => new URL(url).hostname);
  try {
    return createEgress({ allow: [...egressAllow, ...hosts], privateNetworks: egressPrivate });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new OperatorError(`AIRWORTHY_EGRESS_ALLOW or AIRWORTHY_EGRESS_PRIVATE: ${said}.`);
  }
}

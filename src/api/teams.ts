import type { ReadModel } from '../ports/read-model.js';
import type { LifecycleGateway } from './lifecycle-gateway.js';
import { within } from './within.js';

/** A local look-up; whoever cannot be asked in this time is passed over. */
const LOOK_UP_MS = 300;
const KEPT = 20_000;

/** People see and move the lifecycles of their teams; auditors see all of them. Machines ask before they act. */
type Access = 'read' | 'move' | 'check';

/** Whose each lifecycle is. */
export interface Teams {
  /** Throws `Problem` where there is no such lifecycle, or nobody can tell. */
  of(key: string, access: Access): Promise<string>;
}

/**
 * To read a lifecycle it is enough that the ledger knows it: its team never changes, and what the engine has
 * forgotten, or cannot say now, stays readable. To move it the engine is asked, which has to take the command. `exposed`
 * is the team of a lifecycle that the decision-time guard knows.
 */
export function createTeams(
  gateway: LifecycleGateway,
  readModel: Pick<ReadModel, 'team'>,
  exposed: (key: string) => string | undefined,
): Teams {
  const recorded = new Map<string, string>();
  return {
    async of(key, access) {
      // What acts asks the memory of this instance and nobody else.
      if (access === 'check') return exposed(key) ?? gateway.team(key);
      if (access === 'move') return gateway.team(key);
      const known = recorded.get(key) ?? (await within(LOOK_UP_MS, readModel.team(key)));
      if (known === undefined) return gateway.team(key);
      if (recorded.size >= KEPT) recorded.clear();
      recorded.set(key, known);
      return known;
    },
  };
}

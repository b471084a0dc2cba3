import { type ReleaseTarget, TargetUnavailable } from '../../ports/release-target.js';
import { healthFrom } from './asking.js';

/** Where some lifecycles are served; of what it names, all has to hold. */
export interface Route {
  /** Keys, or `*` for every lifecycle. */
  readonly lifecycles?: readonly string[];
  readonly teams?: readonly string[];
  readonly target: ReleaseTarget;
}

/**
 * Serves each lifecycle where the first route says that fits it. `routes` is asked at each call and throws where they
 * cannot be known now: that, and no route at all, is a target that is unavailable, which somebody can mend.
 */
export function createRoutedTarget(routes: () => Promise<readonly Route[]>, team?: string): ReleaseTarget {
  const find = async (lifecycle: string): Promise<ReleaseTarget> => {
    const route = (await routes()).find((each) => fits(each, lifecycle, team));
    if (route) return route.target;
    const who = team === undefined ? lifecycle : `${lifecycle} of the team ${team}`;
    throw new TargetUnavailable(`no route fits ${who}: add one to the targets file`);
  };

  return {
    apply: async (request, signal) => (await find(request.lifecycle)).apply(request, signal),
    read: async (lifecycle, signal) => (await find(lifecycle)).read(lifecycle, signal),
    health: (lifecycle, signal) =>
      healthFrom(async () => (await find(lifecycle)).health(lifecycle, signal), signal),
    forTeam: (own) => createRoutedTarget(routes, own),
  };
}

function fits({ lifecycles, teams }: Route, lifecycle: string, team: string | undefined): boolean {
  const ofLifecycle = lifecycles === undefined || lifecycles.includes('*') || lifecycles.includes(lifecycle);
  return ofLifecycle && (teams === undefined || (team !== undefined && teams.includes(team)));
}

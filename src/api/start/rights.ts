import type { StartBody } from '../../contracts/start.js';
import type { Rights } from '../../domain/lifecycle/state.js';
import type { Team } from '../../ports/directory.js';

/** The team's default holders with what the caller stated laid over them; stop-ship is always a roster. */
export function rightsOf(defaults: Team['rights'], stated: StartBody['rights']): Rights {
  return { ...defaults, ...stated, stopShipHolder: stated.stopShipHolder ?? defaults.stopShipHolder ?? [] };
}

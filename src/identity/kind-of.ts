import type { Principal } from '../ports/authenticator.js';
import type { Person } from '../ports/directory.js';

/** Machines are people of the directory with the role `machine`. */
export function kindOf({ roles }: Pick<Person, 'roles'>): Principal['kind'] {
  return roles.includes('machine') ? 'machine' : 'human';
}

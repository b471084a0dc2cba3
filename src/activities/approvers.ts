import type { Approver } from '../domain/lifecycle/state.js';
import type { PersonId } from '../domain/vocabulary.js';
import type { Directory } from '../ports/directory.js';
import type { Activities } from './types.js';

/** Whether the directory still finds somebody eligible for what they spoke for. An unknown person is not. */
async function stillEligible(
  directory: Directory,
  team: string,
  { person, authority }: Approver,
): Promise<boolean> {
  const known = await directory.person(person);
  if (!known?.active || !known.teams.includes(team)) return false;
  // Who holds a right is the lifecycle's own record; the directory only says that the person is still there.
  return 'right' in authority || known.functions.includes(authority.function);
}

/** Those of the approvers who are no longer eligible, each once. Throws what the directory throws. */
export async function ineligibleApprovers(
  directory: Directory,
  team: string,
  approvers: readonly Approver[],
): Promise<PersonId[]> {
  const asked = approvers.map(async (approver) =>
    (await stillEligible(directory, team, approver)) ? [] : [approver.person],
  );
  return [...new Set((await Promise.all(asked)).flat())];
}

/** Asks the directory when a gate has its quorum. */
export function createConfirmApprovers(directory: Directory): Pick<Activities, 'confirmApprovers'> {
  return { confirmApprovers: ({ team, approvers }) => ineligibleApprovers(directory, team, approvers) };
}

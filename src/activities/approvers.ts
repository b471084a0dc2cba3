import type { Approver, VacancyCause } from '../domain/lifecycle/state.js';
import type { PersonId } from '../domain/vocabulary.js';
import type { Directory } from '../ports/directory.js';
import type { Activities } from './types.js';

/** Whether the directory still finds somebody eligible for what they spoke for. An unknown person is not. */
async function stillEligible(
  directory: Directory,
  team: string,
  { person, authority, mandate }: Approver,
): Promise<boolean> {
  // Whoever speaks for somebody else needs to be there; what is said is said as the other one.
  if (mandate && (await absenceOf(directory, team, person)) !== null) return false;
  const speaker = mandate?.from ?? person;
  if ((await absenceOf(directory, team, speaker)) !== null) return false;
  // Who holds a right is the lifecycle's own record; the directory only says that the person is still there.
  if ('right' in authority) return true;
  return (await directory.person(speaker))?.functions.includes(authority.function) ?? false;
}

/** Why the directory does not find a person in a team: gone altogether, or only from there; null: it does. */
export async function absenceOf(
  directory: Directory,
  team: string,
  person: PersonId,
): Promise<VacancyCause | null> {
  const known = await directory.person(person);
  if (!known?.active) return 'left';
  return known.teams.includes(team) ? null : 'lapsed';
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

/** Asks the directory when a gate has its quorum, and when somebody is said to be gone. */
export function createConfirmApprovers(
  directory: Directory,
): Pick<Activities, 'confirmApprovers' | 'confirmHolders'> {
  return {
    confirmApprovers: ({ team, approvers }) => ineligibleApprovers(directory, team, approvers),
    async confirmHolders({ team, people }) {
      const found = people.map(async (person) => {
        const why = await absenceOf(directory, team, person);
        return why === null ? [] : [{ person, why }];
      });
      return (await Promise.all(found)).flat();
    },
  };
}

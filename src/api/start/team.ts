import type { StartInput } from '../../domain/lifecycle/start-input.js';
import type { Directory, Team } from '../../ports/directory.js';
import { Problem } from '../problem.js';

/** A team as a lifecycle keeps it, active members only, and its default rights. Throws `Problem` for an unknown one. */
export async function readTeam(
  directory: Directory,
  id: string,
): Promise<{ readonly team: StartInput['team']; readonly rights: Team['rights'] }> {
  const [team, members] = await Promise.all([directory.team(id), directory.members(id)]);
  if (team === undefined) {
    const message = `there is no team "${id}"; name one of the directory`;
    throw new Problem('unknown-team', message, {
      reasons: [{ code: 'unknown-team', message, pointer: '/team' }],
    });
  }
  const { calendar, lead, heads, rights } = team;
  const active = members.filter((member) => member.active);
  return {
    team: {
      id,
      calendar,
      lead,
      heads,
      members: active.map(({ id: person, functions }) => ({ person, functions })),
    },
    rights,
  };
}

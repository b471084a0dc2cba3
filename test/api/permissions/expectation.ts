/** What the matrix says about a cell: the one expectation of the test, taken from the tables and from nothing else. */
import { type MatrixRow, type Permission, REFUSED_AS } from '../../../src/contracts/actions.js';
import { COMMAND_NAMES } from '../../../src/domain/commands/table.js';
import type { Stage } from '../../../src/domain/vocabulary.js';
import { POLICY_TEAM, type Role, TEAM } from './roles.js';

/**
 * `passes`: whatever else may stand against it, the matrix does not. `unseen`: as if there were no such lifecycle.
 * `wrong-stage` and `closed`: for nobody now. `broken`: never right.
 */
export type Verdict =
  | 'passes'
  | 'unauthenticated'
  | 'unseen'
  | 'denied'
  | 'wrong-stage'
  | 'closed'
  | 'broken';

const isCommand = (name: Permission): boolean => (COMMAND_NAMES as readonly string[]).includes(name);

/** `stage` is null for what is about no lifecycle; `mayHold`: functions that the operating model lets hold as well. */
export function expected(
  row: MatrixRow,
  role: Role,
  stage: Stage | null,
  mayHold: readonly string[],
): Verdict {
  if (row.who.includes('anybody')) return 'passes';
  if (role.words.length === 0) return 'unauthenticated';
  const words =
    row.permission === 'hold' ? [...row.who, ...mayHold.map((name) => `function:${name}`)] : row.who;
  const fits = words.some((word) => role.words.includes(word));
  // Where no team is concerned, a function counts in whatever team it is held.
  const held = role.words.includes('machine') ? [] : role.functions.map((name) => `function:${name}`);
  if (row.about === 'policy')
    return row.who.some((word) => office(role).includes(word)) ? 'passes' : 'denied';
  if (row.about !== 'lifecycle')
    return fits || row.who.some((word) => held.includes(word)) ? 'passes' : 'denied';
  const inTeam = role.team === TEAM.id;
  const sees = inTeam || role.words.includes('auditor');
  // A machine and an outsider are what they are in every team; what they are not is said before anything is looked up.
  if (!inTeam && (!fits || role.words.includes('machine'))) return sees ? 'denied' : outside();
  if (role.words.includes('machine') && !fits) return 'denied';
  if (!isCommand(row.permission)) return fits ? 'passes' : 'denied';
  if (stage === 'retired') return 'closed';
  if (stage !== null && !row.stages.includes(stage)) return 'wrong-stage';
  return fits ? 'passes' : 'denied';
}

/** In the policy team a function is what it is nowhere else. */
function office({ words, team, functions }: Role): readonly string[] {
  const own = words.filter((word) => !word.startsWith('function:'));
  return team === POLICY_TEAM ? [...own, ...functions.map((name) => `function:${name}`)] : own;
}

const outside = (): Verdict => (REFUSED_AS.unseen === 'not-found' ? 'unseen' : 'denied');

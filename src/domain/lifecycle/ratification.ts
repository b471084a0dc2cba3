/** Who can ratify a finding: an approver of what it touches, and an auditor. */
import { rightsOf, speaksFor } from '../gates/authority.js';
import { peopleFor } from '../gates/eligible.js';
import { type Capacity, covered, type Finding, missingFrom } from '../governance/finding.js';
import type { Authority } from '../policy.js';
import { type Rejection, reject } from '../rejection.js';
import { GATE_NAMES, type PersonId, RIGHTS } from '../vocabulary.js';
import type { Actor } from './actor.js';
import { gateRule } from './rules.js';
import type { State } from './state.js';

/** Seats whose people answer for a finding, and who must not. Where it names no gate, any decision right will do. */
function approvers(state: State, { gate: id }: Finding): [readonly Authority[], readonly PersonId[]] {
  const open = id === null ? undefined : state.gates[id];
  if (open) return [open.seats.map(({ authority }) => authority), open.excluded];
  const name = GATE_NAMES.find((each) => each === id);
  const rule = name === undefined || name === 'two-key' ? null : gateRule(state, name);
  return [rule?.seats ?? RIGHTS.map((right) => ({ right })), state.model.editors];
}

/** People who can ratify a finding as its approver. */
export function approversOfFinding(state: State, finding: Finding): PersonId[] {
  const [authorities, excluded] = approvers(state, finding);
  const people = authorities.flatMap((authority) => peopleFor(state.team, state.rights, authority));
  return [...new Set(people)].filter((person) => !excluded.includes(person));
}

/** What a person can ratify a finding as. */
export function capacities(state: State, finding: Finding, { person, functions, roles }: Actor): Capacity[] {
  const [authorities, excluded] = approvers(state, finding);
  const who = { functions, rights: rightsOf(state.rights, person) };
  const approves = !excluded.includes(person) && authorities.some((authority) => speaksFor(authority, who));
  return [
    ...(approves ? ['approver' as const] : []),
    ...(roles.includes('auditor') ? ['auditor' as const] : []),
  ];
}

/** Why a person cannot ratify a finding, or not once more. */
export function refuseRatification(state: State, finding: Finding, actor: Actor): Rejection | undefined {
  const { id, gate, ratified } = finding;
  const as = capacities(state, finding, actor);
  if (as.length === 0) {
    const approvers = gate === null ? 'the holder of a decision right' : `somebody eligible at gate ${gate}`;
    const message = `finding ${id} is ratified by ${approvers} and by an auditor; ${actor.person} is neither`;
    return reject('not-permitted', message, 'person');
  }
  const given = ratified.find(({ person }) => person === actor.person);
  const { person } = actor;
  if (!given && covered([...ratified, { person, as }]) > covered(ratified)) return undefined;
  const by = ratified.map((one) => `${one.person} as ${one.as.join(' and ')}`).join(', ');
  const message = `finding ${id} was ratified by ${by}; it takes an ${missingFrom(finding).join(' or an ')}, another person`;
  return reject('already-decided', message, 'person');
}

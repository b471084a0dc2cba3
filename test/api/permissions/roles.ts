/** One person for each role that the matrix tells apart, and what each of them is in the words of the matrix. */
import type { Rights, Team } from '../../../src/domain/lifecycle/state.js';
import { BUSINESS_FUNCTIONS, type BusinessFunction } from '../../../src/domain/vocabulary.js';
import { TAX_TEAM } from '../../support/decider/people.js';

const OURS = TAX_TEAM.id;
const OTHERS = 'broker-onboarding';
export const POLICY_TEAM = 'policy-office';

export interface Role {
  readonly name: string;
  /** What they are; functions, rights and lead are of the lifecycle's team. Empty: nobody who is known. */
  readonly words: readonly string[];
  readonly team: string | null;
  readonly functions: readonly BusinessFunction[];
  readonly roles: readonly string[];
  /** Among the members that the lifecycle carries. */
  readonly listed: boolean;
}

const role = (name: string, words: readonly string[], more: Partial<Role> = {}): Role => ({
  name,
  words,
  team: OURS,
  functions: [],
  roles: [],
  listed: true,
  ...more,
});
const outside = { team: null, listed: false };

export const ROLES: readonly Role[] = [
  role('member', ['person', 'member']),
  ...BUSINESS_FUNCTIONS.map((name) =>
    role(`${name}-member`, ['person', 'member', `function:${name}`], { functions: [name] }),
  ),
  role('lead', ['person', 'member', 'lead'], { listed: false }),
  role('head', ['person', 'member'], { listed: false }),
  role('business-owner', ['person', 'member', 'businessOwner']),
  role('technical-owner', ['person', 'member', 'technicalOwner']),
  role('operating-owner', ['person', 'member', 'operatingOwner']),
  role('change-approver', ['person', 'member', 'changeApprover']),
  role('conflict-resolver', ['person', 'member', 'conflictResolver']),
  role('stop-ship-holder', ['person', 'member', 'stopShipHolder']),
  role('auditing-member', ['person', 'member', 'auditor'], { roles: ['auditor'] }),
  role('auditor', ['person', 'auditor'], { roles: ['auditor'], ...outside }),
  role('policy-editor', ['person', 'policy-editor'], { roles: ['policy-editor'], ...outside }),
  role('administrator', ['person', 'administrator'], { roles: ['administrator'], ...outside }),
  // Everything that a person of a team can be, in another team.
  role('outsider', ['person'], { functions: BUSINESS_FUNCTIONS, ...outside, team: OTHERS }),
  role('policy-risk-officer', ['person'], { functions: ['risk'], ...outside, team: POLICY_TEAM }),
  role('machine', ['machine'], { roles: ['machine'] }),
  // With a right, functions and roles that somebody gave it by mistake.
  role('machine-in-charge', ['machine'], {
    roles: ['machine', 'auditor', 'policy-editor', 'administrator'],
    functions: BUSINESS_FUNCTIONS,
  }),
  role('foreign-machine', ['machine'], { roles: ['machine'], ...outside, team: OTHERS }),
  role('gone', [], { listed: false }),
  role('unauthenticated', [], outside),
];

export function roleOf(name: string): Role {
  const found = ROLES.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no role ${name}`);
  return found;
}

/** The bearer token of a role; null: sends none. */
export const tokenOf = ({ name }: Role): string | null => (name === 'unauthenticated' ? null : `dev-${name}`);

/** The team of the tax use case, with those people in it. */
export const TEAM: Team = {
  ...TAX_TEAM,
  lead: 'lead',
  heads: { ...TAX_TEAM.heads, product: 'head' },
  members: [
    ...TAX_TEAM.members,
    ...ROLES.filter(({ listed }) => listed).map(({ name, functions }) => ({ person: name, functions })),
  ],
};

export const RIGHTS_HELD: Rights = {
  businessOwner: 'business-owner',
  technicalOwner: 'technical-owner',
  operatingOwner: 'operating-owner',
  changeApprover: 'change-approver',
  conflictResolver: 'conflict-resolver',
  stopShipHolder: ['stop-ship-holder', 'machine-in-charge'],
};

/** The same as a people file, beside those who carry the lifecycles to where they are. */
export function peopleFile(): string {
  const known = ROLES.filter((each) => tokenOf(each) !== null).map((each) => ({
    id: each.name,
    name: each.name,
    functions: each.functions,
    roles: each.roles,
    teams: each.team === null ? [] : [each.team],
    active: each.name !== 'gone',
    token: tokenOf(each),
  }));
  const others = [...TAX_TEAM.members].map(({ person, functions }) => ({
    id: person,
    name: person,
    functions,
    teams: [OURS],
  }));
  const team = (id: string, lead: string) => ({ id, calendar: TAX_TEAM.calendar, lead });
  const teams = [team(OURS, 'lead'), team(OTHERS, 'outsider'), team(POLICY_TEAM, 'policy-risk-officer')];
  return JSON.stringify({ people: [...known, ...others], teams });
}

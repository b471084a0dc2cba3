/** The people of the two example use cases, and what each of them is. */
import type { Actor } from '../../../src/domain/lifecycle/actor.js';
import type { Team } from '../../../src/domain/lifecycle/state.js';
import type { BusinessFunction } from '../../../src/domain/vocabulary.js';

const FUNCTIONS: { readonly [person: string]: readonly BusinessFunction[] } = {
  asha: ['business'],
  ravi: ['engineering'],
  priya: ['product'],
  rohan: ['risk'],
  meera: ['operations'],
  suresh: [],
  kavya: [],
  nikhil: [],
  hari: ['engineering', 'governance'],
  leena: ['product'],
  omkar: ['operations'],
  bela: ['business'],
  chitra: [],
  tara: [],
  divya: [],
  esha: ['engineering'],
  gita: ['governance'],
  anand: [],
  neha: ['product'],
  vikram: ['engineering'],
  lata: ['governance'],
  farah: ['risk'],
  deepak: ['operations'],
};

const ONBOARDING = ['asha', 'ravi', 'priya', 'rohan', 'meera', 'suresh', 'kavya', 'nikhil'];
const TAX = ['hari', 'leena', 'omkar', 'bela', 'chitra', 'tara', 'divya'];
const BOTH = ['esha', 'gita', 'anand', 'neha', 'vikram', 'lata', 'farah', 'deepak'];

const members = (people: readonly string[]) =>
  people.map((person) => ({ person, functions: FUNCTIONS[person] ?? [] }));

const HEADS = {
  product: 'neha',
  engineering: 'vikram',
  governance: 'lata',
  risk: 'farah',
  operations: 'deepak',
};

export const ONBOARDING_TEAM: Team = {
  id: 'broker-onboarding',
  calendar: 'in-mumbai',
  lead: 'nikhil',
  heads: { ...HEADS, business: 'asha' },
  members: members([...ONBOARDING, ...BOTH]),
};

export const TAX_TEAM: Team = {
  id: 'tax-filing',
  calendar: 'in-mumbai',
  lead: 'divya',
  heads: { ...HEADS, business: 'bela' },
  members: members([...TAX, ...BOTH]),
};

const ROLES: { readonly [person: string]: readonly string[] } = {
  ci: ['machine'],
  lab: ['machine', 'independent'],
  uma: ['policy-editor'],
  zoya: ['auditor'],
  // Of both teams as well: somebody who could be the approver, or the auditor, and not both.
  anand: ['auditor'],
};

/** A person as the API would have authenticated them for a team. */
export function actor(person: string, team: Team = ONBOARDING_TEAM): Actor {
  const functions = team.members.find((member) => member.person === person)?.functions ?? [];
  return { person, functions, roles: ROLES[person] ?? [], teams: [team.id], verified: false };
}

import { z } from 'zod';
import { instant } from '../contracts/fields.js';
import { BUSINESS_FUNCTIONS, GATE_NAMES } from '../domain/vocabulary.js';

const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'write an id of lower-case letters, digits and hyphens' });
const ids = z.array(id);

const span = {
  from: instant('Not before.').transform((written) => Date.parse(written)),
  until: instant('And not from then on.').transform((written) => Date.parse(written)),
};

const person = z.strictObject({
  id,
  name: z.string().min(1),
  functions: z.array(z.enum(BUSINESS_FUNCTIONS)).default([]),
  teams: ids.default([]),
  roles: ids.default([]),
  active: z.boolean().default(true),
  credentials: z
    .array(z.strictObject({ issuer: z.url({ protocol: /^https?$/ }), subject: z.string().min(1).max(255) }))
    .default([]),
  absences: z.array(z.strictObject(span)).default([]),
  delegations: z
    .array(z.strictObject({ to: id, gates: z.array(z.enum(GATE_NAMES)).nullable().default(null), ...span }))
    .default([]),
  token: z.string().min(6, { error: 'a token has at least 6 characters' }).exactOptional(),
});

const team = z.strictObject({
  id,
  calendar: z.string().min(1),
  lead: id,
  heads: z.partialRecord(z.enum(BUSINESS_FUNCTIONS), id).default({}),
  rights: z
    .strictObject({
      businessOwner: id.exactOptional(),
      technicalOwner: id.exactOptional(),
      operatingOwner: id.exactOptional(),
      changeApprover: id.exactOptional(),
      conflictResolver: id.exactOptional(),
      stopShipHolder: ids.exactOptional(),
    })
    .default({}),
});

/**
 * The people file as it is written: who there is, in which teams, as whom they sign in, when they are away, and the
 * tokens of development. `othersByClaims`: ids may also name people whom an issuer's claims bring.
 */
export const peopleForm = z
  .strictObject({
    people: z.array(person),
    teams: z.array(team),
    othersByClaims: z.boolean().default(false),
  })
  .superRefine(({ people, teams, othersByClaims }, context) => {
    const complain = (path: (string | number)[], message: string): void => {
      context.addIssue({ code: 'custom', path, message });
    };
    const personIds = new Set(people.map((one) => one.id));
    const teamIds = new Set(teams.map((one) => one.id));
    const taken = new Set<string>();
    const known = (path: (string | number)[], name: string): void => {
      if (!othersByClaims && !personIds.has(name))
        complain(path, `nobody has the id "${name}": add the person, or correct the id`);
    };

    for (const [i, one] of people.entries()) {
      const twin = people.findIndex((other) => other.id === one.id);
      if (twin < i) complain(['people', i, 'id'], `"${one.id}" is there twice`);
      if (one.token !== undefined && people.findIndex((other) => other.token === one.token) < i)
        complain(['people', i, 'token'], 'another person has this token');
      for (const [j, name] of one.teams.entries())
        if (!teamIds.has(name)) complain(['people', i, 'teams', j], `there is no team "${name}"`);
      for (const [j, { issuer, subject }] of one.credentials.entries()) {
        const name = JSON.stringify([issuer, subject]);
        if (taken.has(name))
          complain(
            ['people', i, 'credentials', j],
            'somebody has this credential already: a subject is one person',
          );
        taken.add(name);
      }
      for (const [j, { to }] of one.delegations.entries()) {
        known(['people', i, 'delegations', j, 'to'], to);
        if (to === one.id) complain(['people', i, 'delegations', j, 'to'], 'nobody delegates to themselves');
      }
      for (const part of ['absences', 'delegations'] as const)
        for (const [j, { from, until }] of one[part].entries())
          if (until <= from) complain(['people', i, part, j, 'until'], 'ends before it begins');
    }
    for (const [i, one] of teams.entries()) {
      if (teams.findIndex((other) => other.id === one.id) < i)
        complain(['teams', i, 'id'], `"${one.id}" is there twice`);
      known(['teams', i, 'lead'], one.lead);
      for (const [head, name] of Object.entries(one.heads)) known(['teams', i, 'heads', head], name);
      for (const [right, holders] of Object.entries(one.rights))
        for (const name of [holders].flat()) known(['teams', i, 'rights', right], name);
    }
  });

/** What a valid people file says, defaults filled in. */
export type PeopleForm = z.infer<typeof peopleForm>;

import { z } from 'zod';
import { writtenCalendar } from '../../contracts/calendar.js';
import { elapsedTime } from '../../contracts/duration-text.js';
import { field } from '../../contracts/fields.js';

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'write lower-case letters, digits, hyphens' });

/** `none` where a team gathers and a person does not want to. */
const digest = z.union([z.literal('none'), elapsedTime], {
  error: 'write "none", or elapsed time such as 15min',
});

const habits = {
  /** How long notices are gathered into one message. */
  digest: digest.exactOptional(),
  /** A calendar: outside its hours nothing is sent that can wait; `always` for no quiet hours. */
  hours: z.string().exactOptional(),
};

const addresses = {
  email: z.email({ error: 'write an e-mail address' }).exactOptional(),
  webhook: z.url({ protocol: /^https?$/, error: 'write an http(s) address' }).exactOptional(),
  slack: z.url({ protocol: /^https?$/, error: 'write the address of an incoming webhook' }).exactOptional(),
  /** Kept in the mailbox of development too. */
  mailbox: z.boolean().exactOptional(),
};

const preference = z.strictObject({ ...addresses, ...habits });

/** The notify file as it is written: how people are told; a person's own line counts before the team's, and that before all. */
export const preferencesForm = z
  .strictObject({
    calendars: z.record(name, writtenCalendar).default({}),
    everybody: preference.omit({ email: true }).default({}),
    teams: z.record(name, preference.omit({ email: true })).default({}),
    people: z.record(field.personId, preference).default({}),
  })
  .superRefine(({ calendars, everybody, teams, people }, context) => {
    const check = (hours: string | undefined, path: (string | number)[]): void => {
      if (hours === undefined || hours === 'always' || calendars[hours] !== undefined) return;
      context.addIssue({
        code: 'custom',
        path,
        message: `there is no calendar "${hours}"; add it under calendars, or write "always"`,
      });
    };
    check(everybody.hours, ['everybody', 'hours']);
    for (const [id, one] of Object.entries(teams)) check(one.hours, ['teams', id, 'hours']);
    for (const [id, one] of Object.entries(people)) check(one.hours, ['people', id, 'hours']);
  });

export type PreferencesForm = z.infer<typeof preferencesForm>;

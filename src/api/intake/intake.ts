/**
 * From a parsed body to the payload that travels: documents are stored, compiled and replaced by digests.
 * Total over the command table; a command without an entry of its own needs none.
 */
import type { z } from 'zod';
import type { INTAKE_BODIES } from '../../contracts/bodies/intake.js';
import { missingOf } from '../../contracts/brief.js';
import type { CommandBody } from '../../contracts/commands.js';
import { compileCalendar } from '../../contracts/compile-calendar.js';
import { PLAIN_BODIES, type PlainCommand } from '../../contracts/payloads.js';
import { travel } from '../../contracts/travel.js';
import type { CommandName, Payloads } from '../../domain/commands/payloads.js';
import { addEvidence } from './add-evidence.js';
import type { IntakeContext } from './context.js';
import { draftSpec } from './draft-spec.js';
import { acceptMigration, openChange } from './newer-model.js';
import { registerRelease } from './register-release.js';

type Intake<N extends CommandName> = (body: CommandBody<N>, context: IntakeContext) => Promise<Payloads[N]>;

const OWN: { readonly [N in keyof typeof INTAKE_BODIES]: Intake<N> } = {
  'update-brief': async ({ brief }, { documents, actor }) => ({
    brief: await documents.put(brief, { subject: actor.person }),
    missing: missingOf(brief),
  }),
  'draft-spec': draftSpec,
  'register-release': registerRelease,
  'add-evidence': addEvidence,
  'open-change': openChange,
  'accept-migration': acceptMigration,
  'update-calendar': async ({ id, calendar }) => ({ calendar: compileCalendar(id, calendar) }),
};

/** The payload of a command; throws `Problem` for what cannot be taken in, and what the ports throw. */
export function takeIn<N extends CommandName>(
  name: N,
  body: CommandBody<N>,
  context: IntakeContext,
): Promise<Payloads[N]> {
  const own: { readonly [M in CommandName]?: unknown } = OWN;
  const intake = isPlain(name) ? plain(name) : (own[name] as Intake<N>);
  return intake(body, context);
}

function plain<N extends CommandName>(name: N & PlainCommand): Intake<N> {
  const schema: z.ZodType = PLAIN_BODIES[name].body;
  // What people write freely is about people, or gives their own words away.
  return (body, { documents, actor: { person } }) =>
    travel(schema, body, (document) => documents.put(document, { subject: person })) as Promise<Payloads[N]>;
}

const isPlain = (name: CommandName): name is PlainCommand => name in PLAIN_BODIES;

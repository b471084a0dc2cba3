/**
 * The one argument of every update and signal: who asks for what, under which command id. Parsed again by the
 * workflow, because anybody who reaches the Temporal server can send one.
 */
import { z } from 'zod';
import type { CommandName, Payloads } from '../domain/commands/payloads.js';
import type { Actor } from '../domain/lifecycle/actor.js';
import { field } from './fields.js';
import { fieldName, parseForm } from './form.js';
import { PAYLOADS } from './payloads.js';
import { type Proof, proofForm } from './proof/proof.js';

const word = z.string().min(1).max(64);

/** Who acts, as the API authenticated them. */
const actor = z.strictObject({
  person: field.personId,
  functions: z.array(field.businessFunction).max(6),
  roles: z.array(word).max(32),
  teams: z.array(word).max(64),
  verified: z.boolean(),
  authenticated: z.strictObject({ at: z.int().min(0), acr: z.string().max(200).nullable() }).exactOptional(),
}) satisfies z.ZodType<Actor>;

const commandId = z.string().regex(/^[\w.-]{1,32}$/, {
  error: 'write 1 to 32 letters, digits, hyphens or underscores, new for every command',
});

/** The form of an envelope with this payload. */
export function envelopeForm(payload: z.ZodType): z.ZodType {
  return z.strictObject({
    /** Command id: hash of principal and idempotency key. */
    id: commandId,
    /** Digest of the body as it was sent: tells a repetition from another command under the same id. */
    digest: z.string().min(1).max(32),
    actor,
    /** Version the sender saw; a lifecycle that has moved on refuses with `version-conflict`. */
    expect: z.int().min(0).exactOptional(),
    payload,
    proof: proofForm().exactOptional(),
  });
}

export interface Envelope<N extends CommandName = CommandName> {
  readonly id: string;
  readonly digest: string;
  readonly actor: Actor;
  readonly expect?: number;
  readonly payload: Readonly<Payloads[N]>;
  /** That the API sent it; under trust `dev` nobody looks at it. */
  readonly proof?: Proof;
}

/** What is wrong with a message: the field, and what to do. */
export interface EnvelopeProblem {
  readonly fact: string;
  readonly message: string;
}

/** An envelope, or what is wrong with a message that should have been one. */
export type ReadEnvelope<E> =
  | { readonly ok: true; readonly envelope: E }
  | { readonly ok: false; readonly problems: readonly EnvelopeProblem[] };
export type ParsedEnvelope<N extends CommandName> = ReadEnvelope<Envelope<N>>;

type Forms = { readonly [N in CommandName]: z.ZodType<Envelope<N>> };

const FORMS = Object.fromEntries(
  Object.entries(PAYLOADS).map(([name, payload]) => [name, envelopeForm(payload)]),
) as Forms;

/** Parses what a message of this name carried; synchronous, never throws on bad input. */
export function parseEnvelope<N extends CommandName>(name: N, message: unknown): ParsedEnvelope<N> {
  const form: z.ZodType<Envelope<N>> = FORMS[name];
  return readEnvelope(form, message);
}

/** Parses a message by the form of an envelope; synchronous, never throws on bad input. */
export function readEnvelope<E>(form: z.ZodType<E>, message: unknown): ReadEnvelope<E> {
  const parsed = parseForm(form, message);
  if (parsed.ok) return { ok: true, envelope: parsed.value };
  const problems = parsed.problems
    .slice(0, 20)
    // Keys of a record are the sender's too, and can be as long as the message.
    .map(({ path, detail }) => ({ fact: fieldName(path).slice(0, 200), message: detail.slice(0, 1_000) }));
  return { ok: false, problems };
}

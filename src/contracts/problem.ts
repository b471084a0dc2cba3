/**
 * The one map from everything that can be refused or go wrong to what the surfaces say: HTTP status, exit code
 * of the command line, title. Codes are stable; texts may change.
 */
import { z } from 'zod';
import { REJECTION_CODES, type RejectionCode } from '../domain/rejection.js';

/** What can go wrong between a client and a lifecycle, beside the decider's own rejections. */
export const TRANSPORT_CODES = [
  'malformed-json',
  'malformed',
  'invalid-body',
  'unsupported-media-type',
  'too-large',
  'unauthenticated',
  'unknown-person',
  'unknown-team',
  'unknown-operating-model',
  'demo-model-refused',
  'method-not-allowed',
  'exists',
  'idempotency-key-reused',
  'version-conflict',
  'lifecycle-closed',
  'view-unavailable',
  'outcome-unknown',
  'lifecycle-stuck',
  'unverified',
  'stale-policy',
  'signing-unavailable',
  'ledger-behind',
  'temporal-unavailable',
  'documents-unavailable',
  'directory-unavailable',
  'identity-unavailable',
  'ledger-unavailable',
  'operating-models-unavailable',
  'metric-sources-unavailable',
  'too-many-streams',
  'document-erased',
  'legal-hold',
  'internal',
] as const;
type TransportCode = (typeof TRANSPORT_CODES)[number];
export type ProblemCode = RejectionCode | TransportCode;

/** Exit codes of the command line. */
export const EXIT = {
  done: 0,
  usage: 2,
  refused: 3,
  notAllowed: 4,
  notFound: 5,
  conflict: 6,
  unavailable: 7,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface ProblemKind {
  readonly status: number;
  readonly exit: ExitCode;
  readonly title: string;
}

const kind =
  (status: number, exit: ExitCode) =>
  (title: string): ProblemKind => ({ status, exit, title });

const usage = (status: number) => kind(status, EXIT.usage);
/** The state of the lifecycle stands against it. */
const refused = kind(409, EXIT.refused);
/** What was sent stands against it. */
const unfit = kind(422, EXIT.refused);
const forbidden = kind(403, EXIT.notAllowed);
const notFound = kind(404, EXIT.notFound);
const conflict = kind(409, EXIT.conflict);
const unavailable = kind(503, EXIT.unavailable);

export const PROBLEMS: { readonly [C in ProblemCode]: ProblemKind } = {
  'not-permitted': forbidden('You may not do this'),
  'wrong-stage': refused('Not in this stage'),
  'not-found': notFound('There is no such thing'),
  'already-open': conflict('It is open already'),
  'gate-closed': conflict('The gate is closed'),
  'gate-held': refused('The gate is held'),
  'gate-frozen': refused('Something went past the system and is not ratified'),
  'gate-not-listed': refused('The operating model lists no such gate here'),
  'stale-subject': conflict('What you decided on has changed'),
  'stale-generation': conflict('The gate was opened again since'),
  excluded: forbidden('You are excluded from this decision'),
  'no-open-seat': refused('No open seat fits you'),
  'already-decided': conflict('You have decided at this gate already'),
  'nothing-to-retract': refused('There is no decision of yours to take back'),
  held: refused('A hold stands against it'),
  frozen: refused('A freeze window stands against it'),
  'right-vacant': refused('A decision right is vacant'),
  'right-conflict': refused('One person cannot hold both rights'),
  incomplete: refused('Something is missing'),
  unstaffed: unfit('A gate could never pass: nobody can fill a seat'),
  prohibited: refused('The use case is prohibited'),
  'not-lower': unfit('That is not lower than what holds'),
  'no-such-version': unfit('There is no such version'),
  'no-such-answer': unfit('The operating model offers no such answer'),
  'evidence-stale': unfit('The evidence is too old'),
  'evidence-about-another-release': unfit('The evidence is about another release'),
  'evidence-before-thresholds': unfit('The evidence is older than its thresholds'),
  'evidence-missing': refused('Evidence is missing'),
  'evidence-failed': refused('Evidence does not meet its thresholds'),
  'not-verified': refused('The release is not verified'),
  'awaiting-acceptance': refused('The operating owner has not accepted it'),
  'nothing-to-roll-back': refused('Nothing is exposed that could be rolled back'),
  'cause-class-required': unfit('Say what class of cause it was'),
  'root-cause-required': unfit('Say what the root cause was'),
  'two-keys-required': refused('Another person has to turn a second key'),
  'over-cap': unfit('Over a cap of the operating model'),
  'box-ended': refused('The time box has ended'),
  'extension-spent': refused('There is no extension left'),
  'delivery-open': refused('A delivery is open already'),
  parked: refused('The use case is parked'),
  closed: conflict('The lifecycle is closed'),
  'beyond-calendar': refused('A calendar does not reach that far'),
  'limit-reached': refused('A limit is reached'),
  'not-passable': refused('Nobody may pass this'),
  unchanged: unfit('Nothing would change'),
  'action-differs': refused('Another action was approved'),
  'already-used': refused('The approval was used already'),
  'not-approved': refused('Nothing was approved'),
  'reauthentication-required': kind(401, EXIT.notAllowed)('Sign in again'),

  'malformed-json': usage(400)('The body is not JSON'),
  malformed: usage(422)('The message cannot be read'),
  'invalid-body': usage(422)('The request is not valid'),
  'unsupported-media-type': usage(415)('Only JSON is understood'),
  'too-large': usage(413)('The body is too large'),
  unauthenticated: kind(401, EXIT.notAllowed)('Nobody is signed in'),
  'unknown-person': usage(422)('There is no such person'),
  'unknown-team': usage(422)('There is no such team'),
  'unknown-operating-model': usage(422)('There is no such operating model'),
  'demo-model-refused': unfit('Operating models for demonstrations are for development only'),
  'method-not-allowed': usage(405)('Not with this method'),
  exists: conflict('The key is taken'),
  'idempotency-key-reused': kind(422, EXIT.conflict)('The idempotency key belongs to another request'),
  'version-conflict': kind(412, EXIT.conflict)('The lifecycle has moved on'),
  'lifecycle-closed': conflict('The lifecycle is closed'),
  'view-unavailable': unavailable('The lifecycle cannot be read now'),
  'outcome-unknown': unavailable('It is not known whether it happened'),
  'lifecycle-stuck': unavailable('The lifecycle cannot go on'),
  unverified: unavailable('The lifecycle does not believe this API'),
  'stale-policy': conflict('The rules have changed'),
  'signing-unavailable': unavailable('Commands cannot be signed now'),
  'ledger-behind': unavailable('The ledger is too far behind'),
  'temporal-unavailable': unavailable('The engine cannot be reached'),
  'documents-unavailable': unavailable('The document store cannot be used'),
  'directory-unavailable': unavailable('The directory cannot be asked'),
  'identity-unavailable': unavailable('It cannot be found out who you are'),
  'ledger-unavailable': unavailable('The ledger cannot be read'),
  'operating-models-unavailable': unavailable('The operating models cannot be read'),
  'metric-sources-unavailable': unavailable('The metric sources cannot be read'),
  'too-many-streams': unavailable('Too many streams of events are open'),
  'document-erased': kind(410, EXIT.notFound)('It was erased'),
  'legal-hold': refused('A legal hold stands against it'),
  internal: kind(500, EXIT.unavailable)('Something went wrong on our side'),
};

const CODES: readonly string[] = [...REJECTION_CODES, ...TRANSPORT_CODES];

/** Whether a text is one of our codes. */
export function isProblemCode(code: string | null | undefined): code is ProblemCode {
  return typeof code === 'string' && CODES.includes(code);
}

/** One thing that stands against a request. */
export const reasonForm = z.object({
  code: z.string().meta({ description: 'Stable, kebab-case.', example: 'stale-subject' }),
  message: z.string().meta({ description: 'What is so, and what to do.' }),
  fact: z.string().exactOptional().meta({ description: 'What it is about: a right, a gate, a clause.' }),
  pointer: z.string().exactOptional().meta({ description: 'Field of the body, RFC 6901.' }),
  authentication: z
    .object({ maxAge: z.int().nullable(), acr: z.array(z.string()).readonly() })
    .exactOptional()
    .meta({ description: 'How to sign in before repeating it: within maxAge seconds, by one of these acr.' }),
});
export type ProblemReason = z.output<typeof reasonForm>;

/** RFC 9457 problem details. */
export const problemDocument = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum([...REJECTION_CODES, ...TRANSPORT_CODES]),
    reasons: z.array(reasonForm),
    requestId: z.string(),
    recorded: z
      .boolean()
      .exactOptional()
      .meta({ description: 'For a refusal: false while the ledger cannot take its record.' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' });
export type ProblemDocument = z.output<typeof problemDocument>;

/** The type of a problem: a name, not an address, because there is nothing more to read behind it. */
export function problemType(code: ProblemCode): string {
  return `urn:airworthy:problem:${code}`;
}

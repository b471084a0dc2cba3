import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { PROBLEMS, type ProblemCode, problemDocument } from '../../contracts/problem.js';
import { REJECTION_CODES } from '../../domain/rejection.js';

/** What every call with a token can meet. */
export const ANYWHERE: readonly ProblemCode[] = [
  'unauthenticated',
  'identity-unavailable',
  'directory-unavailable',
  'internal',
];
/** What every call with a body can meet before anybody looks at what it asks. */
export const BODY_PROBLEMS: readonly ProblemCode[] = [
  'malformed-json',
  'invalid-body',
  'unsupported-media-type',
  'too-large',
];
/** What every call about one lifecycle can meet. */
export const LIFECYCLE_PROBLEMS: readonly ProblemCode[] = [
  ...ANYWHERE,
  'not-permitted',
  'not-found',
  'temporal-unavailable',
  'lifecycle-stuck',
];
/** What every reading of what is recorded can meet. */
export const RECORDED_PROBLEMS: readonly ProblemCode[] = [...ANYWHERE, 'invalid-body', 'ledger-unavailable'];
export const COMMAND_PROBLEMS: readonly ProblemCode[] = [
  ...LIFECYCLE_PROBLEMS,
  ...BODY_PROBLEMS,
  ...REJECTION_CODES,
  'unknown-person',
  'idempotency-key-reused',
  'version-conflict',
  'lifecycle-closed',
  'outcome-unknown',
  'unverified',
  'stale-policy',
  'signing-unavailable',
  'ledger-behind',
  'documents-unavailable',
];
export const START_PROBLEMS: readonly ProblemCode[] = [
  ...ANYWHERE,
  ...BODY_PROBLEMS,
  ...REJECTION_CODES,
  'unknown-team',
  'unknown-operating-model',
  'demo-model-refused',
  'exists',
  'idempotency-key-reused',
  'outcome-unknown',
  'signing-unavailable',
  'temporal-unavailable',
  'documents-unavailable',
  'operating-models-unavailable',
];

/**
 * Responses for these problems, one per status, each listing the codes it can carry. `name` makes them
 * components, so that calls which can meet the same share them.
 */
export function problemResponses(name: string, codes: readonly ProblemCode[]): ZodOpenApiResponsesObject {
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code].status))].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => {
      const some = [...new Set(codes)].filter((code) => PROBLEMS[code].status === status);
      const response: ZodOpenApiResponseObject = {
        id: `${name}-${status}`,
        description: some.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' '),
        content: { 'application/problem+json': { schema: problemDocument } },
      };
      return [String(status) as `${1 | 2 | 3 | 4 | 5}${string}`, response];
    }),
  );
}

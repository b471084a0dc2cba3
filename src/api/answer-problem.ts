/** The one place where anything that was thrown becomes a problem document. */
import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { PROBLEMS, type ProblemCode, type ProblemDocument, problemType } from '../contracts/problem.js';
import type { Json } from '../domain/json.js';
import { REJECTION_CODES } from '../domain/rejection.js';
import { DirectoryUnavailable } from '../ports/directory.js';
import { DocumentErased, DocumentsUnavailable } from '../ports/documents.js';
import { CursorInvalid, type LedgerEntry, LedgerUnavailable } from '../ports/ledger.js';
import { OperatingModelsUnavailable } from '../ports/operating-models.js';
import { Problem } from './problem.js';
import type { Refusals } from './refusals.js';
import { contextOf, type RequestContext } from './request-context.js';

/** Answers every error with a problem document, after recording it where it is a refusal. */
export function answerProblems(refusals: Refusals, log: Pick<Logger, 'error'>): ErrorRequestHandler {
  return async (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    const context = contextOf(response);
    const problem = problemOf(error);
    context.refused = { code: problem.code, reasons: problem.reasons };
    if (problem.code === 'internal')
      log.error({ err: error, requestId: context.requestId }, 'a request failed');
    const refusal = refusalOf(problem, context, Date.now());
    send(response, problem, context, refusal && (await refusals.record(refusal)));
  };
}

function send(
  response: Response,
  problem: Problem,
  context: RequestContext,
  recorded: boolean | undefined,
): void {
  const { code, message, reasons, headers } = problem;
  const { status, title } = PROBLEMS[code];
  const document: ProblemDocument = {
    type: problemType(code),
    title,
    status,
    detail: message,
    code,
    reasons: [...reasons],
    requestId: context.requestId,
    ...(recorded !== undefined && { recorded }),
  };
  response
    .status(status)
    .set(headers)
    .set('Cache-Control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(document));
}

const RECORDED: readonly string[] = [...REJECTION_CODES, 'idempotency-key-reused', 'version-conflict'];

/** The ledger's record of a refusal: who was refused what, and why; nothing where nobody or nothing is known. */
function refusalOf(problem: Problem, context: RequestContext, at: number): LedgerEntry | undefined {
  const { person, lifecycle, command, requestId } = context;
  if (person === undefined || lifecycle === undefined || !RECORDED.includes(problem.code)) return undefined;
  return {
    id: `refusal/${requestId}`,
    lifecycle,
    kind: 'refusal',
    seq: null,
    at,
    type: problem.code,
    by: person.id,
    command: command ?? null,
    data: { reasons: problem.reasons as Json },
  };
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DirectoryUnavailable) return unavailable('directory-unavailable', error);
  if (error instanceof DocumentsUnavailable) return unavailable('documents-unavailable', error);
  if (error instanceof LedgerUnavailable) return unavailable('ledger-unavailable', error);
  if (error instanceof OperatingModelsUnavailable) return unavailable('operating-models-unavailable', error);
  if (error instanceof DocumentErased) return new Problem('document-erased', error.message, { cause: error });
  if (error instanceof CursorInvalid) return new Problem('invalid-body', error.message, { cause: error });
  return transportProblem(error) ?? internal(error);
}

function unavailable(
  code: Extract<ProblemCode, `${'directory' | 'documents' | 'ledger' | 'operating-models'}-unavailable`>,
  cause: Error,
): Problem {
  // The cause names files and hosts, which are the operator's business: it is in the log.
  const detail = 'a part that this needs cannot be used now; repeat the request in a moment';
  return new Problem(code, detail, { cause, headers: { 'Retry-After': '5' } });
}

/** What express and its body reader throw: errors that carry a status of their own. */
function transportProblem(error: unknown): Problem | undefined {
  if (error instanceof URIError) return new Problem('not-found', 'the address is not well encoded; check it');
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  switch (status) {
    case 413:
      return new Problem(
        'too-large',
        'the body is over the limit; send less, or store it and send its digest',
      );
    case 415:
      return new Problem('unsupported-media-type', 'send the body as application/json, not compressed');
    case 400:
      return new Problem('malformed-json', 'the request could not be read to its end; send it again');
    default:
      return undefined;
  }
}

function internal(cause: unknown): Problem {
  return new Problem('internal', 'this is our fault; tell an operator the request id', { cause });
}

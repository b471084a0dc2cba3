/** The one place where anything that was thrown becomes a problem document. */
import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { PROBLEMS, type ProblemCode, type ProblemDocument, problemType } from '../contracts/problem.js';
import { IdentityUnavailable } from '../ports/authenticator.js';
import { DirectoryUnavailable } from '../ports/directory.js';
import { DocumentErased, DocumentsUnavailable } from '../ports/documents.js';
import { CursorInvalid, LedgerUnavailable } from '../ports/ledger.js';
import { OperatingModelsUnavailable } from '../ports/operating-models.js';
import { SigningUnavailable } from '../ports/signer.js';
import { Problem } from './problem.js';
import { isDenial, refusalOf } from './refusal-entry.js';
import type { Refusals } from './refusals.js';
import { contextOf, type RequestContext } from './request-context.js';
import { stepUpChallenge } from './step-up.js';
import type { Strangers } from './strangers.js';

/** Answers every error with a problem document, after recording it where it is a refusal. */
export function answerProblems(
  refusals: Refusals,
  strangers: Strangers,
  log: Pick<Logger, 'error'>,
): ErrorRequestHandler {
  return async (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    const context = contextOf(response);
    const problem = problemOf(error);
    context.refused = { code: problem.code, reasons: problem.reasons };
    if (problem.code === 'internal' || problem.code === 'signing-unavailable')
      log.error({ err: error, requestId: context.requestId }, 'a request failed');
    const refusal = refusalOf(problem, context, Date.now());
    if (context.person === undefined && isDenial(problem.code))
      strangers.saw(problem.code, context.permission);
    // What is hidden is answered as what is not there, no later and with no word more.
    if (context.hidden !== undefined) send(response, problem, context, undefined);
    const recorded = refusal && (await refusals.record(refusal));
    if (context.hidden === undefined) send(response, problem, context, recorded);
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
    .set({ ...headers, ...stepUpChallenge(reasons) })
    .set('Cache-Control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(document));
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DirectoryUnavailable) return unavailable('directory-unavailable', error);
  if (error instanceof IdentityUnavailable) return unavailable('identity-unavailable', error);
  if (error instanceof SigningUnavailable) return unavailable('signing-unavailable', error);
  if (error instanceof DocumentsUnavailable) return unavailable('documents-unavailable', error);
  if (error instanceof LedgerUnavailable) return unavailable('ledger-unavailable', error);
  if (error instanceof OperatingModelsUnavailable) return unavailable('operating-models-unavailable', error);
  if (error instanceof DocumentErased) return new Problem('document-erased', error.message, { cause: error });
  if (error instanceof CursorInvalid) return new Problem('invalid-body', error.message, { cause: error });
  return transportProblem(error) ?? internal(error);
}

function unavailable(
  code: Extract<
    ProblemCode,
    `${'directory' | 'identity' | 'signing' | 'documents' | 'ledger' | 'operating-models'}-unavailable`
  >,
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

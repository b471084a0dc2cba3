import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { contextOf } from './request-context.js';

/** Parts of a log line that would give a token away. */
export const REDACTED = ['req.headers.authorization', 'req.headers.cookie', 'authorization', 'token'];

/** Where systems ask before each action. */
const CHECKS = '/v1/guard/';

/**
 * Gives every request its id (the client's own `X-Request-Id` where it has a plain form), answers with it, and
 * logs one line when the request is done; of checks of the decision-time guard only where they are refused.
 */
export function requestLog(logger: Logger): RequestHandler[] {
  const log = pinoHttp({
    logger,
    genReqId: (_request, response) => String(response.getHeader('x-request-id')),
    customLogLevel: (_request, { statusCode }, error) => {
      if (error !== undefined || statusCode === 500) return 'error';
      return statusCode > 500 ? 'warn' : statusCode >= 400 ? 'info' : 'debug';
    },
    // A status is no error with a stack: what went wrong is logged where it was caught.
    customErrorObject: (_request, _response, _error, line: object) =>
      Object.fromEntries(Object.entries(line).filter(([name]) => name !== 'err')),
    customProps: (_request, response) => {
      const { person, lifecycle, command, refused } = contextOf(response as Response);
      return { person: person?.id, lifecycle, command, refused };
    },
    serializers: {
      req: ({ id, method, url }: { id: string; method: string; url: string }) => ({ id, method, url }),
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
    },
  });
  return [
    (request, response, next) => {
      const given = request.get('x-request-id');
      const requestId = given !== undefined && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
      contextOf(response).requestId = requestId;
      response.set('X-Request-Id', requestId);
      next();
    },
    (request, response, next) => {
      if (request.path.startsWith(CHECKS)) logIfRefused(logger, request, response);
      else log(request, response);
      next();
    },
  ];
}

/** A line for each check would cost more than the check: they are counted, and what is blocked is in the ledger. */
function logIfRefused(logger: Logger, request: Request, response: Response): void {
  response.once('finish', () => {
    const { statusCode } = response;
    if (statusCode < 400) return;
    const { requestId: id, person, lifecycle, refused } = contextOf(response);
    const { method, originalUrl: url } = request;
    const line = { req: { id, method, url }, res: { statusCode }, person: person?.id, lifecycle, refused };
    logger[statusCode >= 500 ? 'warn' : 'info'](line, 'request completed');
  });
}

import type { Response } from 'express';
import type { CommandName } from '../domain/commands/payloads.js';
import type { Person } from '../ports/directory.js';

/** What is known of a request so far, for the handlers behind and for the record of a refusal. */
export interface RequestContext {
  /** As in the log and in `X-Request-Id`. */
  requestId: string;
  person?: Person;
  /** Key of the lifecycle it is about, once that is known to be one. */
  lifecycle?: string;
  command?: CommandName | 'start';
}

const contexts = new WeakMap<Response, RequestContext>();

/** The request's context; made at first use. */
export function contextOf(response: Response): RequestContext {
  const known = contexts.get(response);
  if (known !== undefined) return known;
  const fresh: RequestContext = { requestId: '' };
  contexts.set(response, fresh);
  return fresh;
}

import type { RequestHandler } from 'express';
import { Problem } from './problem.js';

/** The last handler of a route: every other method gets 405 with what is allowed. */
export function allowOnly(
  ...methods: readonly ('GET' | 'POST' | 'PUT' | 'DELETE')[]
): RequestHandler<object> {
  const allow = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  return (request) => {
    const detail = `${request.method} is not for this address; use ${allow}`;
    throw new Problem('method-not-allowed', detail, { headers: { Allow: allow } });
  };
}

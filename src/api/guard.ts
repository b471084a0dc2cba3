import type { Request, RequestHandler, Response } from 'express';
import { type MatrixRow, type Permission, rowOf } from '../contracts/actions.js';
import { type Authority, authorize } from './authorize.js';
import { contextOf, type RequestContext } from './request-context.js';

/** Stands before every route: lets pass whom the matrix lets pass, and throws `Problem` for everybody else. */
export type Guard = (permission: Permission) => RequestHandler;

/** The guard; `authenticate` finds out who calls, and throws for nobody; some actions have one of their own. */
export function createGuard(
  authority: Authority,
  authenticate: RequestHandler,
  own: { readonly [P in Permission]?: RequestHandler } = {},
): Guard {
  const pass = async (row: MatrixRow, request: Request, response: Response): Promise<void> => {
    // Throws where nobody is signed in, so there is nothing for it to go on with.
    await (own[row.permission] ?? authenticate)(request, response, () => undefined);
    const context = contextOf(response);
    const { person, principal } = context;
    if (person !== undefined && principal?.kind === 'machine' && !person.roles.includes('machine'))
      context.person = { ...person, roles: [...person.roles, 'machine'] };
    const { key } = request.params;
    await authorize(authority, response, row, typeof key === 'string' ? key : undefined);
  };

  return (permission) => {
    const row = rowOf(permission);
    // One for all requests: V8 keeps a request whose context has a function of its own through many collections.
    const judge: NonNullable<RequestContext['judge']> = (request, response) => pass(row, request, response);
    return async (request, response, next) => {
      const context = contextOf(response);
      context.permission = permission;
      if (!row.who.includes('anybody')) {
        await judge(request, response);
        context.judge = judge;
      }
      next();
    };
  };
}

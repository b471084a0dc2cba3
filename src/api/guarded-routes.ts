/** How routes come to be: from their rows, with the guard in front, and in no other way. */
import { type Express, type Request, type RequestHandler, Router } from 'express';
import {
  ACTION_NAMES,
  type ACTIONS,
  type ActionName,
  type ActionRow,
  actionRow,
} from '../contracts/actions.js';
import type { CommandName } from '../domain/commands/payloads.js';
import { COMMAND_NAMES } from '../domain/commands/table.js';
import type { Guard } from './guard.js';
import { allowOnly } from './methods.js';
import { contextOf } from './request-context.js';

type Parts<P extends string> = P extends `${string}{${infer N}}${infer R}`
  ? { readonly [K in N]: string } & Parts<R>
  : unknown;
/** What the address of an action carries. */
type PartsOf<A extends ActionName, P = Parts<(typeof ACTIONS)[A]['path']>> = unknown extends P
  ? Request['params']
  : P;

/** A route that is not mounted yet. */
export interface GuardedRoute {
  /** null: that of all commands, each guarded by its own row. */
  readonly action: ActionName | null;
  readonly handlers: readonly RequestHandler[];
}

/** The route of an action; at which address that is, and for whom, its row says. */
export function route<A extends ActionName>(
  action: A,
  ...handlers: readonly RequestHandler<PartsOf<A>>[]
): GuardedRoute {
  return { action, handlers: handlers as unknown as readonly RequestHandler[] };
}

/** The one route of all commands: a match each would cost more than the rest of the way to the handler. */
export function routeOfCommands(
  ...handlers: readonly RequestHandler<{ key: string; command: CommandName }>[]
): GuardedRoute {
  return { action: null, handlers: handlers as unknown as readonly RequestHandler[] };
}

const COMMAND_PATH = '/v1/lifecycles/:key/:command';

/**
 * The router of these routes, in their order, those of one address together. Throws for a row without a route, and for
 * one with two: what the matrix says and what there is are the same.
 */
export function guardedRouter(
  routes: readonly GuardedRoute[],
  { guard, authenticate, trust }: { guard: Guard; authenticate: RequestHandler; trust: 'dev' | 'signed' },
): Router {
  requireComplete(routes);
  const router = Router();
  const mounted = routes.filter(({ action }) => action === null || existsUnder(actionRow(action), trust));
  for (const path of new Set(mounted.map(({ action }) => pathOf(action)))) {
    const group = mounted.filter(({ action }) => pathOf(action) === path);
    const here = router.route(path);
    if (path === COMMAND_PATH) here.all(onlyCommands);
    const isPublic = group.every(
      ({ action }) => action !== null && actionRow(action).who.includes('anybody'),
    );
    for (const { action, handlers } of group) {
      const guarded = [action === null ? commandGuard(guard) : guard(action), ...handlers];
      here[verbOf(action)](...guarded);
    }
    // Whoever is not signed in is told that first.
    if (!isPublic) here.all(authenticate);
    here.all(allowOnly(...group.map(({ action }) => (action === null ? 'POST' : actionRow(action).method))));
  }
  return router;
}

/** Throws where the app has a route that did not come from `guardedRouter`. */
export function requireGuarded({ router: { stack } }: Express, guarded: Router): void {
  const [path] = stack.flatMap((layer) => (isRouter(layer, guarded) ? [] : pathsIn(layer)));
  if (path === undefined) return;
  throw new TypeError(`${path} is not guarded; give it a row in contracts/actions.ts`);
}

type Layer = Router['stack'][number];

const isRouter = ({ handle }: Layer, router: Router): boolean => (handle as unknown) === router;

/** Addresses of the routes in a layer, however deep. */
function pathsIn({ route, handle }: Layer): string[] {
  const inner = 'stack' in handle && Array.isArray(handle.stack) ? (handle.stack as Layer[]) : [];
  return route === undefined ? inner.flatMap(pathsIn) : [route.path];
}

function requireComplete(routes: readonly GuardedRoute[]): void {
  for (const name of ACTION_NAMES) {
    const count = routes.filter(({ action }) => action === name).length;
    if (count === 1 || (count === 0 && actionRow(name).trust !== undefined)) continue;
    throw new TypeError(`the action ${name} has ${count} routes; give its row in contracts/actions.ts one`);
  }
}

const existsUnder = (row: ActionRow, trust: 'dev' | 'signed'): boolean =>
  row.trust === undefined || row.trust === trust;

function pathOf(action: ActionName | null): string {
  return action === null ? COMMAND_PATH : actionRow(action).path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function verbOf(action: ActionName | null): 'get' | 'post' | 'put' | 'delete' {
  const verbs = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' } as const;
  return action === null ? 'post' : verbs[actionRow(action).method];
}

const NAMES: ReadonlySet<string> = new Set(COMMAND_NAMES);
const isCommand = (name: unknown): name is CommandName => typeof name === 'string' && NAMES.has(name);

/** Other things are read below a lifecycle; they have routes of their own. */
const onlyCommands: RequestHandler = ({ params: { command } }, _response, next) =>
  next(isCommand(command) ? undefined : 'route');

function commandGuard(guard: Guard): RequestHandler {
  const guards = new Map(COMMAND_NAMES.map((name) => [name, guard(name)]));
  return (request, response, next) => {
    const { command } = request.params;
    if (!isCommand(command)) throw new TypeError('only commands come this far');
    contextOf(response).command = command;
    return guards.get(command)?.(request, response, next);
  };
}

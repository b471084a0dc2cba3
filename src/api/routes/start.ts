import type { RequestHandler } from 'express';
import { startForm } from '../../contracts/start.js';
import { decideStart } from '../../domain/lifecycle/start.js';
import type { LifecycleView } from '../../domain/lifecycle/view.js';
import { callerOf } from '../authenticate.js';
import { actorIn, requireTeam } from '../authorize.js';
import type { Api } from '../deps.js';
import { type GuardedRoute, route } from '../guarded-routes.js';
import { type CommandIdentity, identify } from '../idempotency.js';
import { BODY_LIMIT, jsonBody, readBody } from '../json-body.js';
import type { Started } from '../lifecycle-gateway.js';
import { parseBody } from '../parse-body.js';
import { Problem, rejected } from '../problem.js';
import { contextOf } from '../request-context.js';
import { viewHeaders } from '../show-view.js';
import { resolveStart } from '../start/resolve-start.js';
import { within } from '../within.js';

const LOOK_UP_MS = 300;

/** `POST /v1/lifecycles`. */
export function startRoute(api: Api): GuardedRoute {
  return route('start', readBody(BODY_LIMIT), start(api));
}

function start(api: Api): RequestHandler {
  return async (request, response) => {
    const person = callerOf(response);
    const written = jsonBody(request);
    const body = parseBody(startForm, written);
    const { key } = body;
    Object.assign(contextOf(response), { lifecycle: key, command: 'start' });
    requireTeam(response, body.team);
    const identity = identify(request, response, person.id, `start ${key}`, written);

    const input = await resolveStart(body, person, api);
    const refusal = decideStart(input, Date.now());
    if (refusal !== undefined) throw rejected(refusal);

    await requireUnforgotten(api, key);
    // Before, so that nothing ever runs under a model that the ledger does not name.
    await api.usedModels.record(input.model);
    const link = `${api.publicUrl}/v1/lifecycles/${key}`;
    const startId = `${identity.id}.${identity.digest}`;
    const trust = await api.prover.trust();
    const proof = await api.prover.proveStart(input, trust, identity);
    const beginning = { start: input, trust, ...(proof && { proof }), link };
    const started = await api.gateway.start(beginning, startId);
    if (!started.started) requireSame(key, identity, started);

    const view = await show(api, key, actorIn(person, input.team.id));
    response.status(201).location(`/v1/lifecycles/${key}`);
    if (view === undefined) {
      response.status(202).json({ accepted: true, lifecycle: key, command: 'start', id: identity.id });
      return;
    }
    viewHeaders(response, view);
    response.json(view);
  };
}

/**
 * A key stays taken when the engine has forgotten its lifecycle: the ledger has not. While the ledger cannot be
 * asked in time the start goes on, since its events could never be recorded in the place of those that are there.
 */
async function requireUnforgotten({ gateway, readModel }: Api, key: string): Promise<void> {
  if ((await within(LOOK_UP_MS, readModel.team(key))) === undefined) return;
  if (!(await gateway.knows(key))) throw taken(key);
}

function taken(key: string): Problem {
  const message = `there is a lifecycle ${key} already, open or closed; choose another key`;
  return new Problem('exists', message, { reasons: [{ code: 'exists', message, pointer: '/key' }] });
}

/** Of a key that is taken: passes for a repetition of the request that took it. */
function requireSame(
  key: string,
  { id, digest }: CommandIdentity,
  { startId }: Extract<Started, { started: false }>,
): void {
  if (startId === `${id}.${digest}`) return;
  if (startId?.startsWith(`${id}.`)) {
    throw new Problem(
      'idempotency-key-reused',
      'this Idempotency-Key started with another body; take a new one',
    );
  }
  throw taken(key);
}

/** It has started for good; where no worker shows it yet, the answer says only that. */
async function show(
  { gateway }: Api,
  key: string,
  actor: Parameters<Api['gateway']['view']>[1],
): Promise<LifecycleView | undefined> {
  try {
    return await gateway.view(key, actor);
  } catch (error) {
    if (
      error instanceof Problem &&
      (error.code === 'view-unavailable' || error.code === 'temporal-unavailable')
    )
      return undefined;
    throw error;
  }
}

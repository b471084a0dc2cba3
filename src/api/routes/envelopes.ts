import { rowOf } from '../../contracts/actions.js';
import { envelopeRequest } from '../../contracts/signed-envelope.js';
import type { Json } from '../../domain/json.js';
import { lifecycleId } from '../../workflows/messages.js';
import { authorize, standingOf } from '../authorize.js';
import type { Api } from '../deps.js';
import { type GuardedRoute, route } from '../guarded-routes.js';
import { BODY_LIMIT, jsonBody, readBody } from '../json-body.js';
import { parseBody } from '../parse-body.js';
import { contextOf } from '../request-context.js';
import { createTakeCommand } from '../take-command.js';

/**
 * `POST /v1/envelopes`: a signed envelope for one command, for whoever sends it to the engine as a signal. Whoever may
 * not send the command gets none; whether the lifecycle accepts it is decided when it arrives.
 */
export function envelopeRoute(api: Api): GuardedRoute {
  const take = createTakeCommand(api);
  return route('envelope', readBody(BODY_LIMIT), async (request, response) => {
    const { lifecycle, command, body } = parseBody(envelopeRequest, jsonBody(request));
    contextOf(response).command = command;
    await authorize(api, response, rowOf(command), lifecycle);
    const envelope = await take(command, body as Json, standingOf(response), request, response);
    const argument = await api.prover.prove(lifecycle, command, envelope);
    const expires = argument.proof ? new Date(argument.proof.expires).toISOString() : null;
    const workflowId = lifecycleId(lifecycle);
    response.set('Cache-Control', 'no-store').json({ workflowId, signal: command, argument, expires });
  });
}

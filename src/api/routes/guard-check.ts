import { type GuardCheck, guardCheckBody } from '../../contracts/guard.js';
import { standingOf } from '../authorize.js';
import { checkAction } from '../decision-guard/check-action.js';
import type { Api } from '../deps.js';
import { type GuardedRoute, route } from '../guarded-routes.js';
import { identify } from '../idempotency.js';
import { jsonBody, readBody } from '../json-body.js';
import { parseBody } from '../parse-body.js';

/** An action and its output; documents are no actions. */
const CHECK_LIMIT = 64 * 1_024;

/** `POST /v1/guard/{key}/check`: allow, review or block, before a system acts. */
export function guardCheckRoute(api: Api): GuardedRoute {
  return route('check', readBody(CHECK_LIMIT), async (request, response) => {
    const { actor, key } = standingOf(response);
    const written = jsonBody(request);
    const check: GuardCheck = parseBody(guardCheckBody, written);
    const identity = () => identify(request, response, actor.person, `check ${key}`, written);
    response.set('Cache-Control', 'no-store').json(await checkAction(api, { actor, key }, check, identity));
  });
}

import { z } from 'zod';
import { field } from '../../contracts/fields.js';
import type { DevTokens } from '../deps.js';
import { type GuardedRoute, route } from '../guarded-routes.js';
import { BODY_LIMIT, jsonBody, readBody } from '../json-body.js';
import { parseBody } from '../parse-body.js';
import { Problem } from '../problem.js';

export const devTokenForm = z.strictObject({ person: field.personId });

/** `POST /v1/dev/token`: the token of anybody in the people file. Exists only with trust `dev`. */
export function devTokenRoute(tokens: DevTokens): GuardedRoute {
  return route('dev-token', readBody(BODY_LIMIT), async (request, response) => {
    const { person } = parseBody(devTokenForm, jsonBody(request));
    const token = await tokens.tokenOf(person);
    if (token === undefined) {
      const message = `the people file has no active person "${person}"; use an id from it`;
      throw new Problem('unknown-person', message, {
        reasons: [{ code: 'unknown-person', message, pointer: '/person' }],
      });
    }
    response.set('Cache-Control', 'no-store').json({ person, token });
  });
}

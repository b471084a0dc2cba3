import type { Api } from '../deps.js';
import { type GuardedRoute, route } from '../guarded-routes.js';
import { Problem } from '../problem.js';
import { recordAccess } from '../record-access.js';

/** `GET /v1/people/{id}`: what was ever on record about somebody, for those who ask after decisions later. */
export function peopleRoute({ people, ledger }: Pick<Api, 'people' | 'ledger'>): GuardedRoute {
  return route('person', async (request, response) => {
    const { id } = request.params;
    const history = await people.of(id);
    if (history === undefined) throw new Problem('not-found', 'nobody with such an id was ever on record');
    const data = { person: id };
    await recordAccess(ledger, response, { kind: 'read', type: 'person', lifecycle: null, data });
    response.set('Cache-Control', 'no-store').json(history);
  });
}

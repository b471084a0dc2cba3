import { alertmanagerForm } from '../../contracts/alerts.js';
import { createTakeAlerts } from '../alerts/take-alerts.js';
import type { Api } from '../deps.js';
import { type GuardedRoute, route } from '../guarded-routes.js';
import { BODY_LIMIT, jsonBody, readBody } from '../json-body.js';
import { parseBody } from '../parse-body.js';

/** `POST /v1/alerts/alertmanager`: 200 with what became of each alert; 5xx only for what is worth another try. */
export function alertsRoute(api: Api): GuardedRoute {
  const take = createTakeAlerts(api);
  return route('alertmanager', readBody(BODY_LIMIT), async (request, response) => {
    const { alerts } = parseBody(alertmanagerForm, jsonBody(request));
    response.set('Cache-Control', 'no-store').json({ results: await take(alerts, response) });
  });
}

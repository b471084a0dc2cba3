import type { Api } from '../deps.js';
import { type GuardedRoute, route } from '../guarded-routes.js';

/** `/healthz`: this process answers. `/readyz`: so does all it needs, the engine and a ledger that takes records. */
export function healthRoutes({ gateway, ledger, logger }: Api): GuardedRoute[] {
  const healthz = route('healthz', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });

  const works = async (part: string, check: Promise<unknown>): Promise<'ok' | 'unavailable'> => {
    try {
      await check;
      return 'ok';
    } catch (error) {
      logger.warn({ err: error, part }, 'not ready');
      return 'unavailable';
    }
  };

  const readyz = route('readyz', async (_request, response) => {
    const [temporal, journal] = await Promise.all([
      works('temporal', gateway.ready()),
      works('ledger', ledger.append([])),
    ]);
    const ready = temporal === 'ok' && journal === 'ok';
    response
      .status(ready ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ ready, temporal, ledger: journal });
  });
  return [healthz, readyz];
}

import { Router } from 'express';
import type { Api } from '../deps.js';
import { allowOnly } from '../methods.js';

/** `GET /v1/operating-models`: what a lifecycle can start under, and which files cannot be used, with reasons. */
export function operatingModelRoutes({ models }: Api): Router {
  const router = Router();
  const route = router.route('/v1/operating-models');
  route.get(async (_request, response) => {
    const { models: usable, unusable } = await models.all();
    const items = usable.map(({ model: { name, version, digest, demo, timeScale, facts } }) => ({
      name,
      version,
      digest,
      demo,
      timeScale,
      facts,
    }));
    response.set('Cache-Control', 'private, no-cache').json({ items, unusable });
  });
  route.all(allowOnly('GET'));
  return router;
}

import express, { type Express, Router } from 'express';
import helmet from 'helmet';
import { answerProblems } from './answer-problem.js';
import { authenticate } from './authenticate.js';
import type { Api, ApiDeps } from './deps.js';
import { docsRoutes } from './docs-page.js';
import { loopbackOnly } from './loopback-only.js';
import { createPinnedModels } from './pinned-models.js';
import { Problem } from './problem.js';
import { createRefusals } from './refusals.js';
import { requestLog } from './request-log.js';
import { commandRoutes } from './routes/command.js';
import { devTokenRoute } from './routes/dev-token.js';
import { healthRoutes } from './routes/health.js';
import { operatingModelRoutes } from './routes/operating-models.js';
import { readRoutes } from './routes/read.js';
import { startRoute } from './routes/start.js';

/** The API as an Express app. `close` writes what still waits for the ledger; the ports stay the caller's. */
export function createApp(deps: ApiDeps): { readonly app: Express; readonly close: () => Promise<void> } {
  const { ledger, documents, directory, logger, trust, devTokens } = deps;
  const refusals = createRefusals(ledger, logger);
  const api: Api = { ...deps, refusals, pinned: createPinnedModels(documents) };

  const app = express();
  app.disable('etag').set('query parser', 'simple').set('case sensitive routing', true);
  app.use(secureHeaders(), requestLog(logger));
  if (trust === 'dev') app.use(loopbackOnly);
  if (trust === 'dev' && devTokens !== undefined) app.use(devTokenRoute(devTokens));
  app.use('/v1', authenticate(directory));
  // By how often they are asked: routes are tried one after the other.
  app.use(commandRoutes(api), readRoutes(api), startRoute(api), operatingModelRoutes(api));
  app.use(healthRoutes(api), docsRoutes());
  app.use(nowhere());
  app.use(answerProblems(refusals, logger));
  return { app, close: () => refusals.close() };
}

/** Data, never a page: nothing may be loaded by it or framed around it. `/docs` has a policy of its own. */
function secureHeaders() {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    // Loopback speaks plain HTTP; in front of anything else, whoever ends TLS says so.
    strictTransportSecurity: false,
  });
}

function nowhere(): Router {
  return Router().use((request) => {
    throw new Problem('not-found', `there is no ${request.path}; see /docs for what there is`);
  });
}

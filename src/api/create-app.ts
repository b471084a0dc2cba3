import express, { type Express, Router } from 'express';
import helmet from 'helmet';
import { answerProblems } from './answer-problem.js';
import { authenticate } from './authenticate.js';
import type { Api, ApiDeps } from './deps.js';
import { docsRoutes } from './docs-page.js';
import { createEventStreams } from './events/event-streams.js';
import { createLedgerLag } from './ledger-lag.js';
import { loopbackOnly } from './loopback-only.js';
import { createPinnedModels } from './pinned-models.js';
import { Problem } from './problem.js';
import { createRefusals } from './refusals.js';
import { requestLog } from './request-log.js';
import { commandRoutes } from './routes/command.js';
import { devTokenRoute } from './routes/dev-token.js';
import { documentRoute } from './routes/documents.js';
import { erasureRoute } from './routes/erasures.js';
import { healthRoutes } from './routes/health.js';
import { inboxRoute } from './routes/inbox.js';
import { ledgerRoutes } from './routes/ledger.js';
import { listRoutes } from './routes/lists.js';
import { metricsRoute } from './routes/metrics.js';
import { operatingModelRoutes } from './routes/operating-models.js';
import { portfolioRoute } from './routes/portfolio.js';
import { readRoutes } from './routes/read.js';
import { recordRoutes } from './routes/records.js';
import { startRoute } from './routes/start.js';
import { createTeams } from './teams.js';
import { createUsedModels } from './used-models.js';

/** The API as an Express app. The ports stay the caller's. */
interface App {
  readonly app: Express;
  /** Ends the streams of events, without which a server that stops taking connections never closes. */
  readonly endStreams: () => void;
  /** Stops carrying what still waits for the ledger; it stays on disk. */
  readonly close: () => Promise<void>;
}

/** Composes it. */
export function createApp(deps: ApiDeps): App {
  const { gateway, ledger, readModel, documents, directory, logger, trust, devTokens, openSpool } = deps;
  const refusals = createRefusals(ledger, openSpool, logger);
  const usedModels = createUsedModels(ledger, openSpool, logger);
  const streams = createEventStreams(ledger, logger);
  const lag = createLedgerLag(readModel);
  const teams = createTeams(gateway, readModel);
  const api: Api = {
    ...deps,
    refusals,
    usedModels,
    streams,
    lag,
    teams,
    pinned: createPinnedModels(documents),
  };

  const app = express();
  app.disable('etag').set('query parser', 'simple').set('case sensitive routing', true);
  app.use(secureHeaders(), requestLog(logger));
  if (trust === 'dev') app.use(loopbackOnly);
  if (trust === 'dev' && devTokens !== undefined) app.use(devTokenRoute(devTokens));
  app.use('/v1', authenticate(directory));
  // By how often they are asked: routes are tried one after the other.
  app.use(commandRoutes(api), readRoutes(api), listRoutes(api), startRoute(api));
  app.use(inboxRoute(api), portfolioRoute(api), recordRoutes(api), operatingModelRoutes(api));
  app.use(documentRoute(api), erasureRoute(api));
  app.use(ledgerRoutes(api), healthRoutes(api), metricsRoute(api), docsRoutes());
  app.use(nowhere());
  app.use(answerProblems(refusals, logger));
  const close = async (): Promise<void> => {
    await Promise.all([refusals.close(), usedModels.close()]);
  };
  return { app, endStreams: () => streams.end(), close };
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

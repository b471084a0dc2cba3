import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { answerProblems } from './answer-problem.js';
import { authenticate } from './authenticate.js';
import { createDecisionGuard, type DecisionGuard } from './decision-guard/decision-guard.js';
import type { Api, ApiDeps } from './deps.js';
import { docsRoutes } from './docs-page.js';
import { createEventStreams } from './events/event-streams.js';
import { createGuard } from './guard.js';
import { type GuardedRoute, guardedRouter, requireGuarded } from './guarded-routes.js';
import { createLedgerLag } from './ledger-lag.js';
import { loopbackOnly } from './loopback-only.js';
import { createPinnedModels } from './pinned-models.js';
import { Problem } from './problem.js';
import { createProver } from './prove.js';
import { createRefusals } from './refusals.js';
import { requestLog } from './request-log.js';
import { alertsRoute } from './routes/alerts.js';
import { apiKeyRoutes } from './routes/api-keys.js';
import { commandRoutes } from './routes/command.js';
import { devTokenRoute } from './routes/dev-token.js';
import { documentRoute } from './routes/documents.js';
import { envelopeRoute } from './routes/envelopes.js';
import { erasureRoute } from './routes/erasures.js';
import { guardCheckRoute } from './routes/guard-check.js';
import { healthRoutes } from './routes/health.js';
import { inboxRoute } from './routes/inbox.js';
import { itemRoutes } from './routes/items.js';
import { ledgerRoutes } from './routes/ledger.js';
import { listRoute } from './routes/lists.js';
import { metricsRoute } from './routes/metrics.js';
import { operatingModelRoutes } from './routes/operating-models.js';
import { peopleRoute } from './routes/people.js';
import { portfolioRoute } from './routes/portfolio.js';
import { readRoutes } from './routes/read.js';
import { recordRoutes } from './routes/records.js';
import { challengeOf, signInRoute } from './routes/sign-in.js';
import { specRoutes } from './routes/specs.js';
import { startRoute } from './routes/start.js';
import { createStrangers } from './strangers.js';
import { createTeams } from './teams.js';
import { createUsedModels } from './used-models.js';

/** Systems ask before each action: nobody is looked up on their way, and they are known through an outage. */
const PATIENCE = { unasked: 2_000, outage: 60_000 };

/** The API as an Express app. The ports stay the caller's. */
interface App {
  readonly app: Express;
  /** Ends the streams of events, without which a server that stops taking connections never closes. */
  readonly endStreams: () => void;
  /** Stops carrying what still waits for the ledger; it stays on disk. */
  readonly close: () => Promise<void>;
  /** What judges systems before they act. */
  readonly guard: DecisionGuard;
}

/** Composes it. Throws a TypeError where lifecycles would be started that believe everybody although nobody should. */
export function createApp(deps: ApiDeps): App {
  const { gateway, ledger, readModel, documents, logger, trust, openSpool, signer } = deps;
  if ((trust === 'signed') !== (signer !== undefined)) throw new TypeError('trust signed goes with a signer');
  const refusals = createRefusals(ledger, openSpool, logger);
  const strangers = createStrangers(refusals);
  const usedModels = createUsedModels(ledger, openSpool, logger);
  const streams = createEventStreams(ledger, logger);
  const lag = createLedgerLag(readModel);
  const decisionGuard = createDecisionGuard(deps);
  const teams = createTeams(gateway, readModel, (key) => decisionGuard.book.standing(key)?.team);
  const api: Api = {
    ...deps,
    refusals,
    usedModels,
    streams,
    lag,
    teams,
    guard: decisionGuard,
    pinned: createPinnedModels(documents),
    prover: createProver(signer, gateway),
  };

  const app = express();
  app.disable('etag').set('query parser', 'simple').set('case sensitive routing', true);
  app.use(secureHeaders(), requestLog(logger));
  if (trust === 'dev') app.use(loopbackOnly);
  const authenticated = authenticate(deps, challengeOf(deps));
  const guard = createGuard(api, authenticated, {
    check: authenticate(deps, challengeOf(deps), PATIENCE),
  });
  const routes = guardedRouter(routesOf(api), { guard, authenticate: authenticated, trust });
  app.use(routes);
  // Of what there is not, only those who are signed in are told.
  app.use('/v1', authenticated);
  app.use(nowhere);
  app.use(answerProblems(refusals, strangers, logger));
  requireGuarded(app, routes);
  const close = async (): Promise<void> => {
    await strangers.close();
    await decisionGuard.close();
    await Promise.all([refusals.close(), usedModels.close()]);
  };
  return { app, endStreams: () => streams.end(), close, guard: decisionGuard };
}

/** All there is, by how often it is asked: routes are tried one after the other. */
function routesOf(api: Api): GuardedRoute[] {
  const { devTokens } = api;
  return [
    guardCheckRoute(api),
    commandRoutes(api),
    ...readRoutes(api),
    listRoute(api),
    startRoute(api),
    inboxRoute(api),
    portfolioRoute(api),
    ...recordRoutes(api),
    ...specRoutes(api),
    ...itemRoutes(api),
    alertsRoute(api),
    ...operatingModelRoutes(api),
    documentRoute(api),
    erasureRoute(api),
    envelopeRoute(api),
    ...ledgerRoutes(api),
    ...healthRoutes(api),
    metricsRoute(api),
    ...docsRoutes(),
    signInRoute(api),
    ...apiKeyRoutes(api),
    peopleRoute(api),
    ...(devTokens === undefined ? [] : [devTokenRoute(devTokens)]),
  ];
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

const nowhere: RequestHandler = (request) => {
  throw new Problem('not-found', `there is no ${request.path}; see /docs for what there is`);
};

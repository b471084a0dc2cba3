import type { Request, RequestHandler, Response } from 'express';
import { decidePolicyForm, emptyForm, withdrawPolicyForm } from '../../contracts/policy.js';
import type { Filing } from '../../ports/documents.js';
import { policyId } from '../../workflows/messages/policy.js';
import { callerOf } from '../authenticate.js';
import type { Api } from '../deps.js';
import { type GuardedRoute, route } from '../guarded-routes.js';
import { BODY_LIMIT, jsonBody, readBody } from '../json-body.js';
import { parseBody } from '../parse-body.js';
import { versionOf } from '../policy/proposal-path.js';
import { createPropose } from '../policy/propose.js';
import { createRunDry, createShowReport } from '../policy/run-dry.js';
import { createSendToProposal } from '../policy/send-to-proposal.js';

type Named = RequestHandler<{ readonly name: string; readonly version: string }>;
const body = readBody(BODY_LIMIT) as unknown as Named;
const bodyOf = (request: unknown) => jsonBody(request as Request);

/** What lifecycles start under, and how the next version of it is proposed, decided and published. */
export function operatingModelRoutes(api: Api): GuardedRoute[] {
  return [
    listModels(api),
    route('propose-policy', readBody(BODY_LIMIT), createPropose(api)),
    route('show-policy', showProposal(api)),
    route('policy-report', createShowReport(api)),
    route('dry-run-policy', body, createRunDry(api, createSendToProposal(api, 'dry-run'))),
    route('decide-policy', body, decide(api)),
    route('retract-policy', body, plain(api, 'retract-decision')),
    route('withdraw-policy', body, withdraw(api)),
    route('publish-policy', body, plain(api, 'publish')),
  ];
}

/** `GET /v1/operating-models`: what a lifecycle can start under, what cannot be used and why, and what is proposed. */
function listModels({ models, publications }: Api): GuardedRoute {
  return route('operating-models', async (_request, response) => {
    const [{ models: usable, unusable }, proposed] = await Promise.all([
      models.all(),
      publications.proposed(),
    ]);
    const items = usable.map(({ model: { name, version, digest, demo, timeScale, facts }, publishedAt }) => ({
      name,
      version,
      digest,
      demo,
      timeScale,
      facts,
      publishedAt: publishedAt ?? null,
    }));
    const proposals = proposed.filter(({ open }) => open).map(({ open: _open, ...version }) => version);
    response.set('Cache-Control', 'private, no-cache').json({ items, unusable, proposals });
  });
}

function showProposal({ policyGateway }: Api): Named {
  return async (request, response) => {
    const { name, version } = versionOf(request.params);
    response.set('Cache-Control', 'private, no-cache').json(await policyGateway.proposal(name, version));
  };
}

/** The caller's own words, brought to the proposal: no lifecycle that refers to them gets to see them. */
function wordsOn({ params }: Parameters<Named>[0], response: Response): Filing {
  const { name, version } = versionOf(params);
  return { subject: callerOf(response).id, lifecycle: policyId(name, version) };
}

function decide(api: Api): Named {
  const send = createSendToProposal(api, 'decide');
  return async (request, response) => {
    const { comment, ...given } = parseBody(decidePolicyForm, bodyOf(request));
    const filing = wordsOn(request, response);
    const said = comment === undefined ? {} : { comment: await api.documents.put({ text: comment }, filing) };
    response.json(await send(request, response, { gate: 'policy', ...given, ...said }));
  };
}

function withdraw(api: Api): Named {
  const send = createSendToProposal(api, 'withdraw');
  return async (request, response) => {
    const { reason: text } = parseBody(withdrawPolicyForm, bodyOf(request));
    const reason = await api.documents.put({ text }, wordsOn(request, response));
    response.json(await send(request, response, { reason }));
  };
}

function plain(api: Api, name: 'retract-decision' | 'publish'): Named {
  const send = createSendToProposal(api, name);
  return async (request, response) => {
    parseBody(emptyForm, bodyOf(request));
    response.json(await send(request, response, {}));
  };
}

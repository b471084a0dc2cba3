import type { Request, Response } from 'express';
import { type DryRunReport, dryRunForm, dryRunReport } from '../../contracts/policy.js';
import type { Json } from '../../domain/json.js';
import type { OperatingModel } from '../../domain/policy.js';
import type { ProposalView } from '../../domain/policy-change/view.js';
import { policyId } from '../../workflows/messages/policy.js';
import type { Api } from '../deps.js';
import { jsonBody } from '../json-body.js';
import { parseBody } from '../parse-body.js';
import { invalidBody, Problem } from '../problem.js';
import { dryRunAll, effectsOf } from './dry-run-all.js';
import { versionOf } from './proposal-path.js';
import { readSent } from './read-proposed.js';
import type { SendToProposal } from './send-to-proposal.js';

type Params = { readonly name: string; readonly version: string };

/** Runs a version against every open lifecycle. Of a proposed one the report is kept, and its gate opens on it. */
export function createRunDry(api: Api, send: SendToProposal<'dry-run'>) {
  const { documents, openStates, pinned, policyGateway } = api;
  return async (request: Request<Params>, response: Response): Promise<void> => {
    const { name, version } = versionOf(request.params);
    const { text, beside } = parseBody(dryRunForm, jsonBody(request as unknown as Request));
    if (text !== undefined) {
      const report = await dryRunAll(
        openStates,
        asNamed(readSent(text, beside).model, name, version),
        Date.now(),
      );
      response.json({ report, proposal: null });
      return;
    }
    const { digest } = await policyGateway.proposal(name, version);
    const report = await dryRunAll(openStates, await pinned.of(digest), Date.now());
    const proposal = await attach(report);
    response.json({ report, proposal });

    async function attach(of: DryRunReport): Promise<ProposalView> {
      const { lifecycles, affected, unseen } = of;
      // Brought to the proposal: it names lifecycles of every team, and no ledger of one of them opens it.
      const kept = await documents.put(of as unknown as Json, { lifecycle: policyId(name, version) });
      const counts = { lifecycles, affected: affected.length, unseen: unseen.length };
      const payload = { report: kept, effects: effectsOf(of), ...counts };
      try {
        return (await send(request, response, payload)).proposal;
      } catch (error) {
        // What was decided was decided on these very effects, and still is.
        if (error instanceof Problem && error.code === 'unchanged')
          return policyGateway.proposal(name, version);
        throw error;
      }
    }
  };
}

function asNamed(model: OperatingModel, name: string, version: number): OperatingModel {
  if (model.name === name && model.version === version) return model;
  const detail = `is ${model.name} ${model.version}; the address names ${name} ${version}`;
  throw invalidBody([{ path: ['text'], detail }]);
}

/** The report that the last dry run of a proposed version left. */
export function createShowReport({ policyGateway, documents }: Api) {
  return async (request: Request<Params>, response: Response): Promise<void> => {
    const { name, version } = versionOf(request.params);
    const { dryRun } = await policyGateway.proposal(name, version);
    const report = dryRun && (await documents.get(dryRun.report));
    if (!report) throw new Problem('not-found', `${name} ${version} was not dry-run yet`);
    response.set('Cache-Control', 'private, no-cache').json(dryRunReport.parse(report));
  };
}

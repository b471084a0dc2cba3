/** Calls about operating models on their way to being published, with their answers read. */
import type { z } from 'zod';
import { dryRunAnswer, type dryRunReport, policyAnswer, proposalAnswer } from '../../contracts/policy.js';
import type { ApiClient } from './api-client.js';
import { read } from './lifecycles.js';

export type ProposalShown = z.output<typeof proposalAnswer>;
export type DryRunShown = z.output<typeof dryRunReport>;

/** A model as text, with the texts of the files that it extends. */
export interface ModelText {
  readonly text: string;
  readonly beside?: Readonly<Record<string, string>>;
}

const path = (name: string, version: string, rest = ''): string =>
  `/v1/operating-models/${encodeURIComponent(name)}/${encodeURIComponent(version)}${rest}`;

export async function proposeModel(api: ApiClient, body: ModelText & { readonly reason: string }) {
  const answer = await api.post('/v1/operating-models', body);
  return { answer, proposal: read(policyAnswer, answer, api.address).proposal };
}

/** With a text: of that text; without: of the version that is proposed, whose gate opens on it. */
export async function runDry(api: ApiClient, name: string, version: string, text: ModelText | null) {
  const answer = await api.post(path(name, version, '/dry-run'), text ?? {});
  return { answer, ...read(dryRunAnswer, answer, api.address) };
}

export async function readProposal(api: ApiClient, name: string, version: string) {
  const answer = await api.get(path(name, version));
  return { answer, proposal: read(proposalAnswer, answer, api.address) };
}

/** One of the commands that a proposal takes. */
export async function sendToProposal(
  api: ApiClient,
  name: string,
  version: string,
  command: 'decide' | 'retract-decision' | 'withdraw' | 'publish',
  body: object,
) {
  const answer = await api.post(path(name, version, `/${command}`), body);
  return { answer, proposal: read(policyAnswer, answer, api.address).proposal };
}

import type { Request, Response } from 'express';
import { proposeForm } from '../../contracts/policy.js';
import { propose } from '../../domain/policy-change/decide.js';
import type { ProposalInput } from '../../domain/policy-change/proposal.js';
import { policyId } from '../../workflows/messages/policy.js';
import { callerOf } from '../authenticate.js';
import { actorIn } from '../authorize.js';
import type { Api } from '../deps.js';
import { identify } from '../idempotency.js';
import { jsonBody } from '../json-body.js';
import { parseBody } from '../parse-body.js';
import { Problem, rejected } from '../problem.js';
import { contextOf } from '../request-context.js';
import { rightsOf } from '../start/rights.js';
import { readTeam } from '../start/team.js';
import { editedBy, readSent, type SentModel } from './read-proposed.js';

/** Takes a new version in: checked like the files, its text stored, and carried by a workflow of its own from here on. */
export function createPropose(api: Api) {
  return async (request: Request, response: Response): Promise<void> => {
    const { id: person, ...caller } = callerOf(response);
    const written = jsonBody(request);
    const { text, beside, reason } = parseBody(proposeForm, written);
    const identity = identify(request, response, person, 'propose-policy', written);
    const sent = editedBy(readSent(text, beside), person);
    const { name, version } = sent.model;
    const input = await inputOf(api, sent, person, reason);
    const judged = propose(input, Date.now());
    if ('rejected' in judged) throw rejected(judged);
    await api.documents.put(sent.written);
    const trust = await api.prover.trust();
    const actor = actorIn({ id: person, ...caller }, api.policyTeam, contextOf(response).principal);
    const startId = `${identity.id}.${identity.digest}`;
    const started = await api.policyGateway.propose({ proposal: input, actor, trust }, startId);
    if (!started.started && started.startId !== startId) {
      const message = `version ${version} of ${name} was proposed already; take a higher one`;
      throw new Problem('exists', message, { reasons: [{ code: 'exists', message, pointer: '/text' }] });
    }
    response.status(201).location(`/v1/operating-models/${name}/${version}`);
    response.json({
      events: [`policy/${name}/${version}/1`],
      proposal: await api.policyGateway.proposal(name, version),
    });
  };
}

/** The rules that a version is approved by are those it replaces: no text makes its own way shorter. */
async function inputOf(
  { models, directory, documents, policyTeam, trust }: Api,
  { model }: SentModel,
  proposer: string,
  reason: string,
): Promise<ProposalInput> {
  const { name, version, digest, demo, timeScale } = model;
  if (trust !== 'dev' && (demo || timeScale !== 1))
    throw new Problem(
      'demo-model-refused',
      `${name} ${version} shortens time; propose a model that does not`,
    );
  const [{ models: usable }, { team: office, rights }] = await Promise.all([
    models.all(),
    readTeam(directory, policyTeam).catch((error: unknown) => {
      throw error instanceof Problem && error.code === 'unknown-team'
        ? nobodyDecides(policyTeam, error)
        : error;
    }),
  ]);
  const [newest] = usable
    .map(({ model: known }) => known)
    .filter((known) => known.name === name)
    .sort((a, b) => b.version - a.version);
  if (newest && newest.version >= version) {
    const message = `version ${newest.version} of ${name} is published; propose a higher one than that`;
    throw new Problem('no-such-version', message, {
      reasons: [{ code: 'no-such-version', message, pointer: '/text' }],
    });
  }
  const inForce = newest ?? model;
  const calendar = inForce.calendars[office.calendar] ?? inForce.calendars[inForce.defaultCalendar];
  if (!calendar) throw new TypeError(`${inForce.name} lacks its default calendar`);
  return {
    name,
    version,
    digest,
    replaces: newest ? { version: newest.version, digest: newest.digest } : null,
    proposer,
    editors: [...new Set([...model.editors, ...(newest?.editors ?? [])])],
    reason: await documents.put({ text: reason }, { subject: proposer, lifecycle: policyId(name, version) }),
    office,
    rights: rightsOf(rights, {}),
    rules: inForce.policyChange,
    calendar,
  };
}

function nobodyDecides(team: string, cause: Problem): Problem {
  const detail = `the directory has no team ${team} to decide on operating models; add it, or have AIRWORTHY_POLICY_TEAM name another`;
  return new Problem('unknown-team', detail, { cause });
}

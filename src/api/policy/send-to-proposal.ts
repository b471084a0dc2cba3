import type { Request, Response } from 'express';
import type { PolicyEnvelope } from '../../contracts/policy-envelope.js';
import type { PolicyCommandName, PolicyPayloads } from '../../domain/policy-change/commands.js';
import { type PolicyResult, policyId } from '../../workflows/messages/policy.js';
import { callerOf } from '../authenticate.js';
import { actorIn } from '../authorize.js';
import type { Api } from '../deps.js';
import { identify } from '../idempotency.js';
import { jsonBody } from '../json-body.js';
import { contextOf } from '../request-context.js';
import { versionOf } from './proposal-path.js';

type Params = { readonly name: string; readonly version: string };

/** Sends one command to the proposal that the address names, in the name of the caller. */
export type SendToProposal<N extends PolicyCommandName> = (
  request: Request<Params>,
  response: Response,
  payload: PolicyPayloads[N],
) => Promise<PolicyResult>;

export function createSendToProposal<N extends PolicyCommandName>(
  { policyGateway, policyTeam, prover }: Api,
  command: N,
): SendToProposal<N> {
  return async (request, response, payload) => {
    const { name, version } = versionOf(request.params);
    const person = callerOf(response);
    const to = policyId(name, version);
    const plain = request as unknown as Request;
    const identity = identify(plain, response, person.id, `${command} ${to}`, jsonBody(plain));
    const actor = actorIn(person, policyTeam, contextOf(response).principal);
    const envelope: PolicyEnvelope<N> = { ...identity, actor, payload };
    return policyGateway.send(name, version, command, await prover.proveTo(to, command, envelope, null));
  };
}

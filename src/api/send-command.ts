import type { Request, Response } from 'express';
import type { z } from 'zod';
import { COMMAND_BODIES, type CommandBody } from '../contracts/commands.js';
import type { Envelope } from '../contracts/envelope.js';
import type { CommandName } from '../domain/commands/payloads.js';
import type { Api } from './deps.js';
import { expectedVersion, identify, RecentIdentities } from './idempotency.js';
import { takeIn } from './intake/intake.js';
import { jsonBody } from './json-body.js';
import { createLateDocuments } from './late-documents.js';
import { parseBody } from './parse-body.js';
import { Problem } from './problem.js';
import { contextOf, type Standing } from './request-context.js';
import { viewHeaders } from './show-view.js';
import { URGENT } from './urgent.js';

const WAIT_MS = 5_000;
/** After this long, what stops things is handed over as a signal. */
const URGENT_WAIT_MS = 2_000;

/** Sends a command of somebody who is authorized and answers with what came of it. */
export type SendCommand = (name: CommandName, request: Request, response: Response) => Promise<void>;

export function createSendCommand(api: Api): SendCommand {
  const { gateway, lag } = api;
  const late = { ...api, documents: createLateDocuments(api.documents, api.logger) };
  const accepted = new RecentIdentities();

  return async (name, request, response) => {
    const { standing } = contextOf(response);
    if (standing === undefined) throw new TypeError('authorize first');
    const { actor, key } = standing;
    const written = jsonBody(request);
    const body = parseBody(formOf(name), written);
    const identity = identify(request, response, actor.person, `${name} ${key}`, written);
    const expect = expectedVersion(request);
    const payload = await intake(URGENT.includes(name) ? late : api, name, body, standing);
    const envelope = { ...identity, actor, ...(expect !== undefined && { expect }), payload };

    const repeated = accepted.has(identity);
    const answer = await dispatch(api, key, name, envelope);
    if (answer === 'handed-over') {
      response.status(202).json({ accepted: true, lifecycle: key, command: name, id: envelope.id });
      return;
    }
    accepted.add(identity);
    // The engine repeats its first answer to a repeated update, and with it an old view.
    const lifecycle = repeated && !answer.replayed ? await gateway.view(key, actor) : answer.view;
    lag.saw(key, lifecycle.version);
    viewHeaders(response, lifecycle);
    response.json({ events: answer.events, replayed: repeated || answer.replayed, lifecycle });
  };
}

function formOf<N extends CommandName>(name: N): z.ZodType<CommandBody<N>> {
  return COMMAND_BODIES[name].body as z.ZodType as z.ZodType<CommandBody<N>>;
}

function intake<N extends CommandName>(api: Api, name: N, body: CommandBody<N>, standing: Standing) {
  const { gateway, documents, directory, pinned } = api;
  const view = () => gateway.view(standing.key, standing.actor);
  return takeIn(name, body, { ...standing, documents, directory, models: pinned, view });
}

async function dispatch<N extends CommandName>(
  { gateway }: Api,
  key: string,
  name: N,
  envelope: Envelope<N>,
) {
  if (!URGENT.includes(name)) return gateway.command(key, name, envelope, WAIT_MS);
  try {
    return await gateway.command(key, name, envelope, URGENT_WAIT_MS);
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    // Under the same id: whichever of the two arrives second is a repetition.
    await gateway.signal(key, name, envelope);
    return 'handed-over' as const;
  }
}

const isUnanswered = (error: unknown): boolean =>
  error instanceof Problem && (error.code === 'outcome-unknown' || error.code === 'lifecycle-stuck');

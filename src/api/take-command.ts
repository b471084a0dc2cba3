import type { Request, Response } from 'express';
import type { z } from 'zod';
import { COMMAND_BODIES, type CommandBody } from '../contracts/commands.js';
import type { Envelope } from '../contracts/envelope.js';
import type { CommandName } from '../domain/commands/payloads.js';
import type { Json } from '../domain/json.js';
import { broughtTo } from './brought-documents.js';
import type { Api } from './deps.js';
import { expectedVersion, identify } from './idempotency.js';
import { takeIn } from './intake/intake.js';
import { createLateDocuments } from './late-documents.js';
import { parseBody } from './parse-body.js';
import { publishedVersions } from './policy/published-versions.js';
import type { Standing } from './request-context.js';
import { URGENT } from './urgent.js';

/** Makes the envelope of a command out of a request: parsed, its documents stored, and not proven yet. */
export type TakeCommand = <N extends CommandName>(
  name: N,
  written: Json,
  standing: Standing,
  request: Request,
  response: Response,
) => Promise<Envelope<N>>;

export function createTakeCommand(api: Api): TakeCommand {
  const late = { ...api, documents: createLateDocuments(api.documents, api.logger) };
  return async (name, written, standing, request, response) => {
    const { actor, key } = standing;
    const body = parseBody(formOf(name), written);
    const identity = identify(request, response, actor.person, `${name} ${key}`, written);
    const expect = expectedVersion(request);
    const payload = await intake(URGENT.includes(name) ? late : api, name, body, standing);
    return { ...identity, actor, ...(expect !== undefined && { expect }), payload };
  };
}

function formOf<N extends CommandName>(name: N): z.ZodType<CommandBody<N>> {
  return COMMAND_BODIES[name].body as z.ZodType as z.ZodType<CommandBody<N>>;
}

function intake<N extends CommandName>(api: Api, name: N, body: CommandBody<N>, standing: Standing) {
  const { gateway, directory, pinned } = api;
  const documents = broughtTo(api.documents, standing.key);
  const view = () => gateway.view(standing.key, standing.actor);
  return takeIn(name, body, {
    ...standing,
    documents,
    directory,
    models: pinned,
    published: publishedVersions(api),
    view,
  });
}

import type { RequestHandler } from 'express';
import type { CommandName } from '../../domain/commands/payloads.js';
import type { Api } from '../deps.js';
import { type GuardedRoute, routeOfCommands } from '../guarded-routes.js';
import { BODY_LIMIT, EVIDENCE_LIMIT, readBody } from '../json-body.js';
import { createSendCommand } from '../send-command.js';

type Handler = RequestHandler<{ key: string; command: CommandName }>;

/** `POST /v1/lifecycles/{key}/{command}` for every row of the command table. */
export function commandRoutes(api: Api): GuardedRoute {
  return routeOfCommands(readCommandBody, send(api));
}

const ordinary = readBody(BODY_LIMIT);
const evidence = readBody(EVIDENCE_LIMIT);

const readCommandBody: Handler = (request, response, next) => {
  const read: Handler = request.params.command === 'add-evidence' ? evidence : ordinary;
  read(request, response, next);
};

function send(api: Api): Handler {
  const sendCommand = createSendCommand(api);
  return async (request, response) => {
    await sendCommand(request.params.command, request, response);
  };
}

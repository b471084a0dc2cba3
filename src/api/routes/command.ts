import { type RequestHandler, Router } from 'express';
import type { CommandName } from '../../domain/commands/payloads.js';
import { COMMAND_NAMES, COMMANDS } from '../../domain/commands/table.js';
import { authorize } from '../authorize.js';
import type { Api } from '../deps.js';
import { BODY_LIMIT, EVIDENCE_LIMIT, readBody } from '../json-body.js';
import { allowOnly } from '../methods.js';
import { contextOf } from '../request-context.js';
import { createSendCommand } from '../send-command.js';

type Handler = RequestHandler<{ key: string; command: string }>;

/** `POST /v1/lifecycles/{key}/{command}` for every row of the command table. */
export function commandRoutes(api: Api): Router {
  const router = Router();
  // One route for all: a match each would cost more than the rest of the way to the handler.
  const route = router.route('/v1/lifecycles/:key/:command');
  route.all(known);
  route.post(permit(api), readCommandBody, send(api));
  route.all(allowOnly('POST'));
  return router;
}

const NAMES: ReadonlySet<string> = new Set(COMMAND_NAMES);
const isCommand = (name: string): name is CommandName => NAMES.has(name);

/** Other things are read below a lifecycle; they have routes of their own. */
const known: Handler = (request, _response, next) =>
  next(isCommand(request.params.command) ? undefined : 'route');

function permit(api: Api): Handler {
  return async ({ params: { key, command } }, response, next) => {
    const context = contextOf(response);
    if (isCommand(command)) context.command = command;
    const audited = isCommand(command) && COMMANDS[command].who.includes('auditor');
    context.standing = await authorize(api, response, key, 'move', audited);
    next();
  };
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
    const { command } = request.params;
    if (isCommand(command)) await sendCommand(command, request, response);
  };
}

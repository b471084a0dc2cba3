import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { commandAnswer, handedOver } from '../../contracts/answers.js';
import { evidenceFileQuery } from '../../contracts/bodies/evidence.js';
import { COMMAND_BODIES } from '../../contracts/commands.js';
import type { CommandName } from '../../domain/commands/payloads.js';
import { COMMAND_NAMES, COMMANDS } from '../../domain/commands/table.js';
import { keyPath, requestHeaders, viewHeaderForm } from './parameters.js';
import { COMMAND_PROBLEMS, problemResponses } from './problem-responses.js';

const FILE =
  ' With `format` in the address the body is the file itself that a tool wrote, as it is, and the parameters say the rest.';

const problems = problemResponses('command', COMMAND_PROBLEMS);

/** One path per row of the command table. */
export function commandPaths(urgent: readonly CommandName[]): ZodOpenApiPathsObject {
  return Object.fromEntries(
    COMMAND_NAMES.map((name) => [
      `/v1/lifecycles/{key}/${name}`,
      { post: operation(name, urgent.includes(name)) },
    ]),
  );
}

function operation(name: CommandName, urgent: boolean): ZodOpenApiOperationObject {
  const { summary, who, stages } = COMMANDS[name];
  const { body, example } = COMMAND_BODIES[name];
  return {
    operationId: name,
    tags: ['commands'],
    summary,
    description: `In ${stages.join(', ')}. For ${who.join(', ')}.${name === 'add-evidence' ? FILE : ''}`,
    requestParams: {
      path: keyPath,
      ...(name === 'add-evidence' && { query: evidenceFileQuery.partial() }),
      header: z.object({
        'Idempotency-Key': requestHeaders.idempotencyKey,
        'If-Match': requestHeaders.ifMatch,
      }),
    },
    requestBody: { required: true, content: { 'application/json': { schema: body, example } } },
    responses: {
      200: {
        description: 'Accepted.',
        headers: viewHeaderForm,
        content: { 'application/json': { schema: commandAnswer } },
      },
      ...(urgent && {
        202: {
          description: 'Nobody answered within two seconds: handed over for good, under the same id.',
          content: { 'application/json': { schema: handedOver } },
        },
      }),
      ...problems,
    },
  };
}

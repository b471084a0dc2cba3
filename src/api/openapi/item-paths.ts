import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { handedOver } from '../../contracts/answers.js';
import { ITEM_BODIES } from '../../contracts/bodies/items.js';
import { itemCommandAnswer, itemList, itemsQuery } from '../../contracts/items.js';
import { ITEM_COMMAND_NAMES, type ItemCommandName } from '../../domain/operations/item-commands.js';
import { jsonAnswer } from './answers.js';
import { keyPath, requestHeaders } from './parameters.js';
import {
  COMMAND_PROBLEMS,
  LIFECYCLE_PROBLEMS,
  problemResponses,
  RECORDED_PROBLEMS,
} from './problem-responses.js';

const problems = problemResponses('item-command', [...COMMAND_PROBLEMS, 'exists', 'view-unavailable']);

/** What each does beyond its summary. */
const DESCRIPTIONS: { readonly [N in ItemCommandName]: string } = {
  'open-item':
    'The queue, its SLA, its second line and its default outcome come from the spec of what serves, and from the operating model where that says nothing. Nobody deciding is never an approval.',
  'decide-item':
    'For the owner of its queue, for operations of the team, and once the SLA has passed for the second line. An approval is of the action with this digest alone, can be used once and for 15 minutes, and is never of whoever asked for it.',
  'use-item':
    'Ask right before the action is taken. Another action than the approved one is refused with `action-differs` and recorded; what is refused must not be done.',
};

function operation(name: ItemCommandName): ZodOpenApiOperationObject {
  const { body, example } = ITEM_BODIES[name];
  const answers =
    name === 'open-item'
      ? {
          201: jsonAnswer('It is open.', itemCommandAnswer),
          202: jsonAnswer('Open for good; no worker shows it yet.', handedOver),
        }
      : { 200: jsonAnswer('Accepted.', itemCommandAnswer) };
  return {
    operationId: name,
    tags: ['items'],
    description: DESCRIPTIONS[name],
    requestParams: {
      path: keyPath,
      header: z.object({ 'Idempotency-Key': requestHeaders.idempotencyKey }),
    },
    requestBody: { required: true, content: { 'application/json': { schema: body, example } } },
    responses: { ...answers, ...problems },
  };
}

/** Exception items: one path for each row of their table of commands, and their list. */
export const itemPaths: ZodOpenApiPathsObject = {
  '/v1/lifecycles/{key}/items': {
    get: {
      operationId: 'items',
      tags: ['items'],
      requestParams: { path: keyPath, query: itemsQuery },
      responses: {
        200: jsonAnswer('A page of them, last opened first.', itemList),
        ...problemResponses('items', [...LIFECYCLE_PROBLEMS, ...RECORDED_PROBLEMS]),
      },
    },
  },
  ...Object.fromEntries(
    ITEM_COMMAND_NAMES.map((name) => [`/v1/lifecycles/{key}/${name}`, { post: operation(name) }]),
  ),
};

import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { ACTION_NAMES, actionRow } from '../../contracts/actions.js';
import {
  devTokenAnswer,
  handedOver,
  healthAnswer,
  readyAnswer,
  routeAnswer,
  timelinePage,
} from '../../contracts/answers.js';
import { eventsQuery, pageQuery, routeQuery } from '../../contracts/lists.js';
import { START_EXAMPLES, startForm } from '../../contracts/start.js';
import { lifecycleView, shownLifecycle } from '../../contracts/view.js';
import { devTokenForm } from '../routes/dev-token.js';
import { alertPaths } from './alert-paths.js';
import { jsonAnswer } from './answers.js';
import { documentPaths } from './document-paths.js';
import { envelopePaths } from './envelope-paths.js';
import { guardPaths } from './guard-paths.js';
import { identityPaths } from './identity-paths.js';
import { itemPaths } from './item-paths.js';
import { ledgerPaths } from './ledger-paths.js';
import { listPaths } from './list-paths.js';
import { keyPath, requestHeaders, viewHeaderForm } from './parameters.js';
import { policyPaths } from './policy-paths.js';
import { BODY_PROBLEMS, LIFECYCLE_PROBLEMS, problemResponses, START_PROBLEMS } from './problem-responses.js';
import { recordPaths } from './record-paths.js';

const lifecyclePaths: ZodOpenApiPathsObject = {
  '/v1/lifecycles': {
    post: {
      operationId: 'start',
      tags: ['lifecycles'],
      description:
        'Governed by its brief, or as a pilot by its light form; the start gate of a pilot opens at once.',
      requestParams: { header: z.object({ 'Idempotency-Key': requestHeaders.idempotencyKey }) },
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: startForm,
            examples: {
              governed: { value: START_EXAMPLES.governed },
              pilot: { value: START_EXAMPLES.pilot },
            },
          },
        },
      },
      responses: {
        201: { ...jsonAnswer('Started.', lifecycleView), headers: viewHeaderForm },
        202: jsonAnswer('Started for good; no worker shows it yet.', handedOver),
        ...problemResponses('start', START_PROBLEMS),
      },
    },
  },
  '/v1/lifecycles/{key}': {
    get: {
      operationId: 'show',
      tags: ['lifecycles'],
      description:
        'With what it waits for, what you may do, and why you may not do the rest. While the engine gives no answer, as the ledger knows it: `stale`, without an ETag and without a command that it would allow.',
      requestParams: { path: keyPath, header: z.object({ 'If-None-Match': requestHeaders.ifNoneMatch }) },
      responses: {
        200: { ...jsonAnswer('As it is now, or `stale`.', shownLifecycle), headers: viewHeaderForm },
        304: { description: 'Unchanged since the version you have.' },
        ...problemResponses('show', [...LIFECYCLE_PROBLEMS, 'invalid-body', 'view-unavailable']),
      },
    },
  },
  '/v1/lifecycles/{key}/timeline': {
    get: {
      operationId: 'timeline',
      tags: ['lifecycles'],
      requestParams: {
        path: keyPath,
        query: pageQuery,
      },
      responses: {
        200: jsonAnswer('A page of the ledger.', timelinePage),
        ...problemResponses('timeline', [...LIFECYCLE_PROBLEMS, 'invalid-body', 'ledger-unavailable']),
      },
    },
  },
  '/v1/lifecycles/{key}/events': {
    get: {
      operationId: 'events',
      tags: ['lifecycles'],
      description:
        'From the start, or behind the entry that `Last-Event-ID` or `cursor` names. Each event is one entry of the timeline as JSON, its id the position of that entry.',
      requestParams: {
        path: keyPath,
        query: eventsQuery,
        header: z.object({ 'Last-Event-ID': requestHeaders.lastEventId }),
      },
      responses: {
        200: {
          description: 'A stream without an end.',
          content: { 'text/event-stream': { schema: z.string() } },
        },
        ...problemResponses('events', [
          ...LIFECYCLE_PROBLEMS,
          'invalid-body',
          'ledger-unavailable',
          'too-many-streams',
        ]),
      },
    },
  },
  '/v1/lifecycles/{key}/route': {
    get: {
      operationId: 'route',
      tags: ['lifecycles'],
      requestParams: {
        path: keyPath,
        query: routeQuery,
      },
      responses: {
        200: jsonAnswer('The route, and what each assumption would change.', routeAnswer),
        ...problemResponses('route', [...LIFECYCLE_PROBLEMS, 'invalid-body', 'view-unavailable']),
      },
    },
  },
};

const otherPaths: ZodOpenApiPathsObject = {
  '/v1/dev/token': {
    post: {
      operationId: 'dev-token',
      tags: ['development'],
      description: 'Exists only in development, on loopback.',
      requestBody: {
        required: true,
        content: { 'application/json': { schema: devTokenForm, example: { person: 'asha' } } },
      },
      responses: {
        200: jsonAnswer('The token.', devTokenAnswer),
        ...problemResponses('dev-token', [
          ...BODY_PROBLEMS,
          'unknown-person',
          'directory-unavailable',
          'internal',
        ]),
      },
    },
  },
  '/healthz': {
    get: {
      operationId: 'healthz',
      tags: ['operation'],
      responses: { 200: jsonAnswer('It does.', healthAnswer) },
    },
  },
  '/metrics': {
    get: {
      operationId: 'metrics',
      tags: ['operation'],
      responses: {
        200: { description: 'Text exposition format.', content: { 'text/plain': { schema: z.string() } } },
      },
    },
  },
  '/readyz': {
    get: {
      operationId: 'readyz',
      tags: ['operation'],
      responses: { 200: jsonAnswer('Both can.', readyAnswer), 503: jsonAnswer('One cannot.', readyAnswer) },
    },
  },
};

/** Every path that is no command. */
export const OTHER_PATHS: ZodOpenApiPathsObject = merged(
  lifecyclePaths,
  listPaths,
  recordPaths,
  alertPaths,
  itemPaths,
  guardPaths,
  documentPaths,
  envelopePaths,
  ledgerPaths,
  identityPaths,
  policyPaths,
  otherPaths,
);

/** By address, and under one address by method; what it does and whom it is for, each has from its row. */
function merged(...all: readonly ZodOpenApiPathsObject[]): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const [path, item] of all.flatMap((each) => Object.entries(each))) {
    const here: Record<string, ZodOpenApiOperationObject> = {};
    for (const [method, operation] of Object.entries(item))
      here[method] = inRow(path, method, operation as ZodOpenApiOperationObject);
    paths[path] = { ...paths[path], ...here };
  }
  return paths;
}

function inRow(
  path: string,
  method: string,
  operation: ZodOpenApiOperationObject,
): ZodOpenApiOperationObject {
  const { operationId = '', description, ...rest } = operation;
  const name = ACTION_NAMES.find((each) => each === operationId);
  const row = name && actionRow(name);
  if (row?.path !== path || row.method !== method.toUpperCase()) {
    throw new TypeError(`${operationId} is not ${method} ${path} in contracts/actions.ts`);
  }
  const { summary, who } = row;
  if (who.includes('anybody'))
    return { operationId, summary, ...(description && { description }), security: [], ...rest };
  const whom = `For ${who.join(', ')}.`;
  return { operationId, summary, description: description ? `${description} ${whom}` : whom, ...rest };
}

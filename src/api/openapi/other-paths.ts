import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import {
  devTokenAnswer,
  handedOver,
  healthAnswer,
  operatingModelList,
  readyAnswer,
  routeAnswer,
  timelinePage,
} from '../../contracts/answers.js';
import { eventsQuery, pageQuery, routeQuery } from '../../contracts/lists.js';
import { START_EXAMPLES, startForm } from '../../contracts/start.js';
import { lifecycleView, shownLifecycle } from '../../contracts/view.js';
import { devTokenForm } from '../routes/dev-token.js';
import { jsonAnswer } from './answers.js';
import { documentPaths } from './document-paths.js';
import { ledgerPaths } from './ledger-paths.js';
import { listPaths } from './list-paths.js';
import { keyPath, requestHeaders, viewHeaderForm } from './parameters.js';
import { BODY_PROBLEMS, LIFECYCLE_PROBLEMS, problemResponses, START_PROBLEMS } from './problem-responses.js';
import { recordPaths } from './record-paths.js';

const lifecyclePaths: ZodOpenApiPathsObject = {
  '/v1/lifecycles': {
    post: {
      operationId: 'start',
      tags: ['lifecycles'],
      summary: 'Start the lifecycle of a use case',
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
      summary: 'The lifecycle as it is, for you',
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
      summary: 'What happened and what was refused, oldest first',
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
      summary: 'The timeline as it grows, by server-sent events',
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
      summary: 'Earliest honest go-live, critical path, what is missing',
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
  '/v1/operating-models': {
    get: {
      operationId: 'operating-models',
      tags: ['policy'],
      summary: 'The operating models, with the questions each asks',
      responses: {
        200: jsonAnswer('All of them, and the files that cannot be used.', operatingModelList),
        ...problemResponses('operating-models', [
          'unauthenticated',
          'operating-models-unavailable',
          'directory-unavailable',
          'internal',
        ]),
      },
    },
  },
  '/v1/dev/token': {
    post: {
      operationId: 'dev-token',
      tags: ['development'],
      summary: 'A token for a person of the people file',
      description: 'Exists only in development, on loopback.',
      security: [],
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
      summary: 'Whether this process answers',
      security: [],
      responses: { 200: jsonAnswer('It does.', healthAnswer) },
    },
  },
  '/metrics': {
    get: {
      operationId: 'metrics',
      tags: ['operation'],
      summary: 'Of this process and of how far the ledger is behind, for Prometheus',
      security: [],
      responses: {
        200: { description: 'Text exposition format.', content: { 'text/plain': { schema: z.string() } } },
      },
    },
  },
  '/readyz': {
    get: {
      operationId: 'readyz',
      tags: ['operation'],
      summary: 'Whether the engine and the ledger can be used',
      security: [],
      responses: { 200: jsonAnswer('Both can.', readyAnswer), 503: jsonAnswer('One cannot.', readyAnswer) },
    },
  },
};

/** Every path that is no command. */
export const OTHER_PATHS: ZodOpenApiPathsObject = merged(
  lifecyclePaths,
  listPaths,
  recordPaths,
  documentPaths,
  ledgerPaths,
  otherPaths,
);

/** By address, and under one address by method. */
function merged(...all: readonly ZodOpenApiPathsObject[]): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const [path, item] of all.flatMap((each) => Object.entries(each)))
    paths[path] = { ...paths[path], ...item };
  return paths;
}

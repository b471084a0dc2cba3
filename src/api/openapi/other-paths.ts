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
import { START_EXAMPLES, startForm } from '../../contracts/start.js';
import { lifecycleView } from '../../contracts/view.js';
import { devTokenForm } from '../routes/dev-token.js';
import { keyPath, requestHeaders, viewHeaderForm } from './parameters.js';
import { BODY_PROBLEMS, LIFECYCLE_PROBLEMS, problemResponses, START_PROBLEMS } from './problem-responses.js';

const json = <S>(description: string, schema: S) => ({
  description,
  content: { 'application/json': { schema } },
});

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
        201: { ...json('Started.', lifecycleView), headers: viewHeaderForm },
        202: json('Started for good; no worker shows it yet.', handedOver),
        ...problemResponses('start', START_PROBLEMS),
      },
    },
  },
  '/v1/lifecycles/{key}': {
    get: {
      operationId: 'show',
      tags: ['lifecycles'],
      summary: 'The lifecycle as it is, for you',
      description: 'With what it waits for, what you may do, and why you may not do the rest.',
      requestParams: { path: keyPath, header: z.object({ 'If-None-Match': requestHeaders.ifNoneMatch }) },
      responses: {
        200: { ...json('As it is now.', lifecycleView), headers: viewHeaderForm },
        304: { description: 'Unchanged since the version you have.' },
        ...problemResponses('show', [...LIFECYCLE_PROBLEMS, 'view-unavailable']),
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
        query: z.object({
          cursor: z.string().optional().meta({ description: '`nextCursor` of the page before.' }),
          limit: z.coerce.number().int().min(1).max(200).optional().meta({ description: '50 if left out.' }),
        }),
      },
      responses: {
        200: json('A page of the ledger.', timelinePage),
        ...problemResponses('timeline', [...LIFECYCLE_PROBLEMS, 'invalid-body', 'ledger-unavailable']),
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
        query: z.object({
          whatIf: z
            .array(z.string().max(100))
            .max(10)
            .optional()
            .meta({
              description: 'Assumptions, repeatable: `without=money`, `second=risk`.',
              example: ['without=money'],
            }),
        }),
      },
      responses: {
        200: json('The route, and what each assumption would change.', routeAnswer),
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
        200: json('All of them, and the files that cannot be used.', operatingModelList),
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
        200: json('The token.', devTokenAnswer),
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
      responses: { 200: json('It does.', healthAnswer) },
    },
  },
  '/readyz': {
    get: {
      operationId: 'readyz',
      tags: ['operation'],
      summary: 'Whether the engine and the ledger can be used',
      security: [],
      responses: { 200: json('Both can.', readyAnswer), 503: json('One cannot.', readyAnswer) },
    },
  },
};

/** Every path that is no command. */
export const OTHER_PATHS: ZodOpenApiPathsObject = { ...lifecyclePaths, ...otherPaths };

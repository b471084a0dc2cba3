import type { ZodOpenApiPathsObject } from 'zod-openapi';
import {
  inboxAnswer,
  inboxQuery,
  lifecycleList,
  lifecycleQuery,
  portfolioAnswer,
} from '../../contracts/lists.js';
import { jsonAnswer } from './answers.js';
import { problemResponses, RECORDED_PROBLEMS } from './problem-responses.js';

const problems = problemResponses('list', RECORDED_PROBLEMS);

/** What is read across lifecycles. */
export const listPaths: ZodOpenApiPathsObject = {
  '/v1/lifecycles': {
    get: {
      operationId: 'list',
      tags: ['lists'],
      description:
        'Everything that is given must hold. Auditors see those of every team. From the ledger, and so a moment behind.',
      requestParams: { query: lifecycleQuery },
      responses: { 200: jsonAnswer('A page of them.', lifecycleList), ...problems },
    },
  },
  '/v1/inbox': {
    get: {
      operationId: 'inbox',
      tags: ['lists'],
      requestParams: { query: inboxQuery },
      responses: { 200: jsonAnswer('What waits on you.', inboxAnswer), ...problems },
    },
  },
  '/v1/portfolio': {
    get: {
      operationId: 'portfolio',
      tags: ['lists'],
      responses: { 200: jsonAnswer('Counts.', portfolioAnswer), ...problems },
    },
  },
};

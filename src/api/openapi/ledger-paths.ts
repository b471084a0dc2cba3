import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { exportQuery, pageQuery } from '../../contracts/lists.js';
import { checkpointList, ledgerReport } from '../../contracts/records.js';
import { jsonAnswer } from './answers.js';
import { problemResponses, RECORDED_PROBLEMS } from './problem-responses.js';

const problems = problemResponses('audit', [...RECORDED_PROBLEMS, 'not-permitted', 'not-found']);

/** What auditors ask of the ledger. */
export const ledgerPaths: ZodOpenApiPathsObject = {
  '/v1/ledger/export': {
    get: {
      operationId: 'ledger-export',
      tags: ['ledger'],
      description:
        'JSON lines: entries with their hashes, documents, checkpoints, public keys. One that was cut short has no end line. That you took it is recorded.',
      requestParams: { query: exportQuery },
      responses: {
        200: { description: 'The bundle.', content: { 'application/x-ndjson': { schema: z.string() } } },
        ...problems,
      },
    },
  },
  '/v1/ledger/checkpoints': {
    get: {
      operationId: 'ledger-checkpoints',
      tags: ['ledger'],
      requestParams: { query: pageQuery },
      responses: { 200: jsonAnswer('Oldest first.', checkpointList), ...problems },
    },
  },
  '/v1/ledger/verify': {
    post: {
      operationId: 'ledger-verify',
      tags: ['ledger'],
      responses: { 200: jsonAnswer('What was found.', ledgerReport), ...problems },
    },
  },
};

import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { documentAnswer, ERASURE_EXAMPLE, erasureAnswer, erasureForm } from '../../contracts/erasure.js';
import { field } from '../../contracts/fields.js';
import { jsonAnswer } from './answers.js';
import { keyPath, requestHeaders } from './parameters.js';
import {
  BODY_PROBLEMS,
  LIFECYCLE_PROBLEMS,
  problemResponses,
  RECORDED_PROBLEMS,
} from './problem-responses.js';

/** What a digest stands for, and making somebody's words unreadable. */
export const documentPaths: ZodOpenApiPathsObject = {
  '/v1/lifecycles/{key}/documents/{digest}': {
    get: {
      operationId: 'document',
      tags: ['records'],
      description: 'Reading evidence is recorded.',
      requestParams: { path: keyPath.extend({ digest: field.digest }) },
      responses: {
        200: jsonAnswer('The document.', documentAnswer),
        ...problemResponses('document', [
          ...LIFECYCLE_PROBLEMS,
          ...RECORDED_PROBLEMS,
          'invalid-body',
          'documents-unavailable',
          'document-erased',
        ]),
      },
    },
  },
  '/v1/ledger/erasures': {
    post: {
      operationId: 'erase',
      tags: ['ledger'],
      description:
        'Deletes the key that their comments, reasons and briefs are encrypted under. The ledger stays as it is, and verifies as before.',
      requestParams: { header: z.object({ 'Idempotency-Key': requestHeaders.idempotencyKey }) },
      requestBody: {
        required: true,
        content: { 'application/json': { schema: erasureForm, example: ERASURE_EXAMPLE } },
      },
      responses: {
        200: jsonAnswer('It is gone.', erasureAnswer),
        ...problemResponses('erase', [
          ...RECORDED_PROBLEMS,
          ...BODY_PROBLEMS,
          'not-permitted',
          'not-found',
          'legal-hold',
          'documents-unavailable',
        ]),
      },
    },
  },
};

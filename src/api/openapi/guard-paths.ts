import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { guardCheckAnswer, guardCheckBody } from '../../contracts/guard.js';
import { jsonAnswer } from './answers.js';
import { keyPath, requestHeaders } from './parameters.js';
import { BODY_PROBLEMS, LIFECYCLE_PROBLEMS, problemResponses } from './problem-responses.js';

/** The decision-time guard. */
export const guardPaths: ZodOpenApiPathsObject = {
  '/v1/guard/{key}/check': {
    post: {
      operationId: 'check',
      tags: ['guard'],
      description:
        'Ask before the system acts, and act only on `allow`. `review`: a person decides in the item that is named; once it is approved, ask again for the very same action with `item`, and the approval is used. `block` is recorded in the ledger. What the guard cannot know is answered as the spec says.',
      requestParams: {
        path: keyPath,
        header: z.object({ 'Idempotency-Key': requestHeaders.idempotencyKey }),
      },
      requestBody: { required: true, content: { 'application/json': { schema: guardCheckBody } } },
      responses: {
        200: jsonAnswer('What is judged, whatever that is.', guardCheckAnswer),
        ...problemResponses('check', [...LIFECYCLE_PROBLEMS, ...BODY_PROBLEMS]),
      },
    },
  },
};

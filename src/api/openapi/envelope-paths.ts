import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { envelopeRequest, signedEnvelope } from '../../contracts/signed-envelope.js';
import { jsonAnswer } from './answers.js';
import { requestHeaders } from './parameters.js';
import { COMMAND_PROBLEMS, problemResponses } from './problem-responses.js';

/** What proves a command that goes to the engine another way than through the API. */
export const envelopePaths: ZodOpenApiPathsObject = {
  '/v1/envelopes': {
    post: {
      operationId: 'envelope',
      tags: ['commands'],
      description:
        'For whoever sends it as a signal, for example from a runbook while this API is down. One for stop-ship or hold is believed for 23 hours, others for five minutes. Sent twice, or sent beside the command under the same Idempotency-Key, it is done once.',
      requestParams: {
        header: z.object({
          'Idempotency-Key': requestHeaders.idempotencyKey,
          'If-Match': requestHeaders.ifMatch,
        }),
      },
      requestBody: { required: true, content: { 'application/json': { schema: envelopeRequest } } },
      responses: {
        200: jsonAnswer('Send the argument as that signal.', signedEnvelope),
        ...problemResponses('envelope', COMMAND_PROBLEMS),
      },
    },
  },
};

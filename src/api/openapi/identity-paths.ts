import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import {
  apiKeyAnswer,
  apiKeyList,
  apiKeysQuery,
  madeApiKey,
  NEW_API_KEY_EXAMPLE,
  newApiKeyForm,
} from '../../contracts/api-keys.js';
import { personHistory } from '../../contracts/people.js';
import { signInAnswer } from '../../contracts/sign-in.js';
import { jsonAnswer } from './answers.js';
import { requestHeaders } from './parameters.js';
import { ANYWHERE, BODY_PROBLEMS, problemResponses } from './problem-responses.js';

const problems = (name: string, ...more: Parameters<typeof problemResponses>[1]) =>
  problemResponses(name, [...ANYWHERE, 'not-permitted', ...more]);

/** Where tokens come from, and the keys of machines. */
export const identityPaths: ZodOpenApiPathsObject = {
  '/.well-known/oauth-protected-resource': {
    get: {
      operationId: 'sign-in',
      tags: ['identity'],
      description: 'RFC 9728. In development it names no issuer.',
      responses: { 200: jsonAnswer('Issuers and audience.', signInAnswer) },
    },
  },
  '/v1/people/{id}': {
    get: {
      operationId: 'person',
      tags: ['identity'],
      summary: 'What was ever on record about somebody: functions, credentials, absences',
      description: 'With when each was so, and who said it. That you read it is recorded.',
      requestParams: { path: z.object({ id: z.string().meta({ description: 'Id of the person.' }) }) },
      responses: {
        200: jsonAnswer('Each list oldest first.', personHistory),
        ...problems('person', 'not-found', 'ledger-unavailable'),
      },
    },
  },
  '/v1/api-keys': {
    get: {
      operationId: 'api-keys',
      tags: ['identity'],
      requestParams: { query: apiKeysQuery },
      responses: {
        200: jsonAnswer('Newest first, with those that are over.', apiKeyList),
        ...problems('api-keys', 'invalid-body'),
      },
    },
    post: {
      operationId: 'create-api-key',
      tags: ['identity'],
      description: 'Its token is in this answer and never again. That it was made is recorded.',
      requestParams: { header: z.object({ 'Idempotency-Key': requestHeaders.idempotencyKey }) },
      requestBody: {
        required: true,
        content: { 'application/json': { schema: newApiKeyForm, example: NEW_API_KEY_EXAMPLE } },
      },
      responses: {
        201: jsonAnswer('Made.', madeApiKey),
        ...problems('create-api-key', ...BODY_PROBLEMS, 'unknown-person', 'exists'),
      },
    },
  },
  '/v1/api-keys/{id}': {
    delete: {
      operationId: 'revoke-api-key',
      tags: ['identity'],
      description: 'It opens nothing from the next second on. That it was revoked is recorded.',
      requestParams: { path: z.object({ id: z.string().meta({ description: 'As the list names it.' }) }) },
      responses: { 200: jsonAnswer('Revoked.', apiKeyAnswer), ...problems('revoke-api-key', 'not-found') },
    },
  },
};

import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { operatingModelList } from '../../contracts/answers.js';
import {
  decidePolicyForm,
  dryRunAnswer,
  dryRunForm,
  dryRunReport,
  emptyForm,
  POLICY_EXAMPLES,
  policyAnswer,
  proposalAnswer,
  proposeForm,
  withdrawPolicyForm,
} from '../../contracts/policy.js';
import { jsonAnswer } from './answers.js';
import { requestHeaders } from './parameters.js';
import { ANYWHERE, COMMAND_PROBLEMS, problemResponses, START_PROBLEMS } from './problem-responses.js';

const path = z.object({
  name: z.string().meta({ description: 'Name of the operating model.', example: 'standard' }),
  version: z.string().meta({ description: 'Its version.', example: '8' }),
});
const header = z.object({ 'Idempotency-Key': requestHeaders.idempotencyKey });
const commandProblems = problemResponses('policy-command', [
  ...COMMAND_PROBLEMS,
  'not-permitted',
  'view-unavailable',
]);
const readProblems = problemResponses('policy', [
  ...ANYWHERE,
  'not-permitted',
  'not-found',
  'view-unavailable',
  'temporal-unavailable',
  'documents-unavailable',
]);

function command(
  operationId: string,
  schema: z.ZodType,
  description: string,
  example: unknown = {},
): ZodOpenApiOperationObject {
  return {
    operationId,
    tags: ['policy'],
    description,
    requestParams: { path, header },
    requestBody: { required: true, content: { 'application/json': { schema, example } } },
    responses: { 200: jsonAnswer('Accepted.', policyAnswer), ...commandProblems },
  };
}

/** Operating models, and their way from being proposed to being published. */
export const policyPaths: ZodOpenApiPathsObject = {
  '/v1/operating-models': {
    get: {
      operationId: 'operating-models',
      tags: ['policy'],
      responses: {
        200: jsonAnswer(
          'All of them, the files that cannot be used, and what is proposed.',
          operatingModelList,
        ),
        ...problemResponses('operating-models', [
          ...ANYWHERE,
          'operating-models-unavailable',
          'ledger-unavailable',
        ]),
      },
    },
    post: {
      operationId: 'propose-policy',
      tags: ['policy'],
      description:
        'Checked as the files are, stored by digest with whoever proposes it among its editors. A number is taken once, whatever becomes of the version.',
      requestParams: { header },
      requestBody: {
        required: true,
        content: { 'application/json': { schema: proposeForm, example: POLICY_EXAMPLES.propose } },
      },
      responses: {
        201: jsonAnswer('Proposed; run it dry next.', policyAnswer),
        ...problemResponses('propose-policy', [...START_PROBLEMS, 'not-permitted', 'view-unavailable']),
      },
    },
  },
  '/v1/operating-models/{name}/{version}': {
    get: {
      operationId: 'show-policy',
      tags: ['policy'],
      requestParams: { path },
      responses: { 200: jsonAnswer('As it is now.', proposalAnswer), ...readProblems },
    },
  },
  '/v1/operating-models/{name}/{version}/dry-run': {
    get: {
      operationId: 'policy-report',
      tags: ['policy'],
      requestParams: { path },
      responses: { 200: jsonAnswer('The report that its gate is about.', dryRunReport), ...readProblems },
    },
    post: {
      operationId: 'dry-run-policy',
      tags: ['policy'],
      description:
        'Against every open lifecycle under an older version of the model: what it would newly miss, what would be void. Of a proposed version the report is kept and its gate opens on it; with a text nothing is kept.',
      requestParams: { path, header },
      requestBody: { required: true, content: { 'application/json': { schema: dryRunForm, example: {} } } },
      responses: {
        200: jsonAnswer('The report, and the proposal with its gate.', dryRunAnswer),
        ...commandProblems,
      },
    },
  },
  '/v1/operating-models/{name}/{version}/decide': {
    post: command(
      'decide-policy',
      decidePolicyForm,
      'For people of the policy team who hold a function that its gate seats, and have not written or proposed it.',
      POLICY_EXAMPLES.decide,
    ),
  },
  '/v1/operating-models/{name}/{version}/retract-decision': {
    post: command('retract-policy', emptyForm, 'While its gate is open.'),
  },
  '/v1/operating-models/{name}/{version}/withdraw': {
    post: command('withdraw-policy', withdrawPolicyForm, 'Until it is published.', POLICY_EXAMPLES.withdraw),
  },
  '/v1/operating-models/{name}/{version}/publish': {
    post: command(
      'publish-policy',
      emptyForm,
      'Asks the directory about its approvers once more. From then on new lifecycles and new deliveries begin under it; what is under way stays as it is.',
    ),
  },
};

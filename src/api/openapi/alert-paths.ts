import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { alertmanagerAnswer, alertmanagerForm } from '../../contracts/alerts.js';
import { jsonAnswer } from './answers.js';
import { BODY_PROBLEMS, COMMAND_PROBLEMS, problemResponses } from './problem-responses.js';

const EXAMPLE = {
  version: '4',
  alerts: [
    {
      status: 'firing' as const,
      labels: {
        alertname: 'AirworthyBreach',
        airworthy_lifecycle: 'kyc-onboarding',
        airworthy_clause: 'c2',
        airworthy_release: 'r2',
      },
      annotations: { airworthy_value: '0.0013' },
      startsAt: '2027-03-01T09:00:00Z',
      fingerprint: '4f2a9c1d77e0b3a5',
    },
  ],
};

/** Where Alertmanager sends what fires. */
export const alertPaths: ZodOpenApiPathsObject = {
  '/v1/alerts/alertmanager': {
    post: {
      operationId: 'alertmanager',
      tags: ['alerts'],
      description:
        'The webhook of Alertmanager, version 4. An alert counts like the finding of the guard that its clause is breached, and what the clause says is done; said again it changes nothing. What can never be taken, such as an unknown lifecycle or clause, is refused and recorded, and the answer is 200 all the same, so that nothing is sent again for ever. Where it cannot be taken now the answer is 5xx, and Alertmanager sends it again.',
      requestBody: {
        required: true,
        content: { 'application/json': { schema: alertmanagerForm, example: EXAMPLE } },
      },
      responses: {
        200: jsonAnswer('What became of each alert, in their order.', alertmanagerAnswer),
        ...problemResponses('alertmanager', [...new Set([...BODY_PROBLEMS, ...COMMAND_PROBLEMS])]),
      },
    },
  },
};

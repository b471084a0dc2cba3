import { createDocument } from 'zod-openapi';
import { URGENT } from '../urgent.js';
import { commandPaths } from './command-operations.js';
import { OTHER_PATHS } from './other-paths.js';

/** The OpenAPI 3.1 document, from the command table and the contracts. */
export type OpenApiDocument = ReturnType<typeof createDocument>;

/** Builds it; takes some ten milliseconds, so keep the result. */
export function openApiDocument(): OpenApiDocument {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Airworthy',
      version: '1',
      description:
        'Carries AI use cases from scoping to governed live operation. Errors are RFC 9457 problem documents with stable codes.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ bearer: [] }],
    tags: [
      { name: 'lifecycles', description: 'Start, read, plan.' },
      { name: 'commands', description: 'Everything that moves a lifecycle.' },
      { name: 'items', description: 'Live cases that people review.' },
      { name: 'alerts', description: 'What the monitoring says.' },
      { name: 'lists', description: 'Across lifecycles, from the ledger.' },
      { name: 'records', description: 'What one lifecycle has on record.' },
      { name: 'ledger', description: 'For auditors.' },
      { name: 'policy', description: 'Operating models.' },
      { name: 'identity', description: 'Where tokens come from, and keys of machines.' },
      { name: 'operation', description: 'For whoever runs it.' },
      { name: 'development', description: 'Not in production.' },
    ],
    paths: { ...OTHER_PATHS, ...commandPaths(URGENT) },
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'A token of yours.' } },
    },
  });
}

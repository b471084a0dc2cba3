import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { decisionList } from '../../contracts/decisions.js';
import { pageQuery } from '../../contracts/lists.js';
import { evidenceList, releaseList, specAnswer, specDiffAnswer, specList } from '../../contracts/records.js';
import { jsonAnswer } from './answers.js';
import { keyPath } from './parameters.js';
import { LIFECYCLE_PROBLEMS, problemResponses, RECORDED_PROBLEMS } from './problem-responses.js';

const problems = problemResponses('record', [
  ...LIFECYCLE_PROBLEMS,
  ...RECORDED_PROBLEMS,
  'documents-unavailable',
]);
const version = z.coerce.number<string>().int().min(1);

/** What one lifecycle has on record. */
export const recordPaths: ZodOpenApiPathsObject = {
  '/v1/lifecycles/{key}/specs': {
    get: {
      operationId: 'specs',
      tags: ['records'],
      requestParams: { path: keyPath },
      responses: { 200: jsonAnswer('Oldest first.', specList), ...problems },
    },
  },
  '/v1/lifecycles/{key}/specs/{version}': {
    get: {
      operationId: 'spec',
      tags: ['records'],
      requestParams: { path: keyPath.extend({ version }) },
      responses: { 200: jsonAnswer('As it was drafted.', specAnswer), ...problems },
    },
  },
  '/v1/lifecycles/{key}/specs/{a}/diff/{b}': {
    get: {
      operationId: 'spec-diff',
      tags: ['records'],
      requestParams: { path: keyPath.extend({ a: version, b: version }) },
      responses: { 200: jsonAnswer('What version b has that a has not.', specDiffAnswer), ...problems },
    },
  },
  '/v1/lifecycles/{key}/evidence': {
    get: {
      operationId: 'evidence',
      tags: ['records'],
      description: 'What it says stands under its digest among the documents; reading that is recorded.',
      requestParams: { path: keyPath, query: pageQuery },
      responses: { 200: jsonAnswer('A page of it, oldest first.', evidenceList), ...problems },
    },
  },
  '/v1/lifecycles/{key}/decisions': {
    get: {
      operationId: 'decisions',
      tags: ['records'],
      description:
        'What the API signed of each, for tools that check in-toto statements in DSSE envelopes; the key by its certificate.',
      requestParams: { path: keyPath, query: pageQuery },
      responses: { 200: jsonAnswer('A page of them, oldest first.', decisionList), ...problems },
    },
  },
  '/v1/lifecycles/{key}/releases': {
    get: {
      operationId: 'releases',
      tags: ['records'],
      requestParams: { path: keyPath },
      responses: { 200: jsonAnswer('Oldest first.', releaseList), ...problems },
    },
  },
};

import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { decisionList } from '../../contracts/decisions.js';
import { alertingQuery, pageQuery } from '../../contracts/lists.js';
import { evidenceList, releaseList, specAnswer, specDiffAnswer, specList } from '../../contracts/records.js';
import { specOverviewAnswer } from '../../contracts/spec-overview.js';
import { jsonAnswer } from './answers.js';
import { keyPath } from './parameters.js';
import { LIFECYCLE_PROBLEMS, problemResponses, RECORDED_PROBLEMS } from './problem-responses.js';

const problems = problemResponses('record', [
  ...LIFECYCLE_PROBLEMS,
  ...RECORDED_PROBLEMS,
  'documents-unavailable',
]);
const compiledProblems = problemResponses('compiled', [
  ...LIFECYCLE_PROBLEMS,
  ...RECORDED_PROBLEMS,
  'documents-unavailable',
  'metric-sources-unavailable',
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
  '/v1/lifecycles/{key}/specs/{version}/overview': {
    get: {
      operationId: 'spec-overview',
      tags: ['records'],
      description:
        'Evidence checklist, gates with what is signed there, checks of the rollout and of the guard, queues and alerts, under the rules that hold now.',
      requestParams: { path: keyPath.extend({ version }) },
      responses: { 200: jsonAnswer('Under a digest of its own.', specOverviewAnswer), ...compiledProblems },
    },
  },
  '/v1/lifecycles/{key}/specs/{version}/alerting-rules': {
    get: {
      operationId: 'alerting-rules',
      tags: ['records'],
      description:
        'A rule file as Prometheus loads it. What fires carries the labels that the alerts route reads.',
      requestParams: { path: keyPath.extend({ version }), query: alertingQuery },
      responses: {
        200: { description: 'YAML.', content: { 'text/yaml': { schema: { type: 'string' } } } },
        ...compiledProblems,
      },
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

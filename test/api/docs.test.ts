import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../src/api/openapi/document.js';
import { PROBLEMS } from '../../src/contracts/problem.js';
import { COMMAND_NAMES } from '../../src/domain/commands/table.js';
import { runningApi } from './running-api.js';

interface Operation {
  readonly operationId: string;
  readonly requestBody?: {
    readonly content: { readonly 'application/json': { readonly example?: unknown } };
  };
  readonly responses: Readonly<Record<string, unknown>>;
}

const document = openApiDocument();
const operations = Object.values(document.paths ?? {}).flatMap(
  (path) => Object.values(path ?? {}) as Operation[],
);

/** Every `$ref` of a value. */
function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : references(inner),
  );
}

describe('the OpenAPI document', () => {
  it('is 3.1 and has one operation per command, with body and example', () => {
    expect(document.openapi).toBe('3.1.0');
    for (const name of COMMAND_NAMES) {
      const operation = operations.find(({ operationId }) => operationId === name);
      expect(operation?.requestBody?.content['application/json']).toMatchObject({
        example: expect.anything(),
      });
      expect(Object.keys(operation?.responses ?? {})).toEqual(
        expect.arrayContaining(['200', '400', '401', '403', '404', '409', '412', '413', '415', '422', '503']),
      );
    }
  });

  it('says which commands can be handed over', () => {
    const handedOver = operations
      .filter(({ responses }) => '202' in responses)
      .map(({ operationId }) => operationId);
    expect(handedOver.sort()).toEqual(['hold', 'open-item', 'start', 'stop-ship']);
  });

  it('names every operation once and every reference leads somewhere', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const reference of references(document)) {
      const target = reference
        .replace('#/', '')
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
      expect({ reference, found: target !== undefined }).toEqual({ reference, found: true });
    }
  });

  it('documents every problem that a call with a token can meet', () => {
    const text = JSON.stringify(document.components?.responses);
    const unmentioned = Object.keys(PROBLEMS).filter((code) => !text.includes(`\`${code}\``));
    // Met on any address, before a route is found; or only where a message does not come from the API.
    expect(unmentioned.sort()).toEqual(['malformed', 'method-not-allowed']);
  });
});

describe('the documents on the wire', () => {
  it('need no token and load nothing from elsewhere', async () => {
    const api = await runningApi();
    const served = await api.get('/openapi.json', { as: null });
    expect(served.body).toEqual(JSON.parse(JSON.stringify(document)));

    const page = await api.get('/docs', { as: null });
    expect(page.status).toBe(200);
    const addresses = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? '');
    for (const address of addresses.filter((one) => one !== 'data:,')) {
      expect(address).toMatch(/^\/docs\//);
      expect((await api.get(address, { as: null })).status).toBe(200);
    }
    const policy = page.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:/);
    expect((await api.get('/docs/package.json', { as: null })).status).toBe(404);
  });

  it('may not be framed or sniffed, data even less', async () => {
    const api = await runningApi();
    const { headers } = await api.get('/healthz', { as: null });
    expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });
});

/** That there is no route without a row, and no row without a route. */
import express, { Router } from 'express';
import { describe, expect, it } from 'vitest';
import { guardedRouter, requireGuarded, route } from '../../../src/api/guarded-routes.js';
import { openApiDocument } from '../../../src/api/openapi/document.js';
import { ACTION_NAMES, actionRow, MATRIX, PERMISSIONS } from '../../../src/contracts/actions.js';
import { runningApi } from '../running-api.js';

const guard = () => () => undefined;
const around = { guard, authenticate: () => undefined, trust: 'dev' } as const;
const nothing = () => undefined;
const all = ACTION_NAMES.map((name) => route(name, nothing));

describe('routes', () => {
  it('are refused where a row has none, or two', () => {
    expect(() => guardedRouter(all, around)).not.toThrow();
    expect(() => guardedRouter(all.slice(1), around)).toThrow(/the action \S+ has 0 routes/);
    expect(() => guardedRouter([...all, route('inbox', nothing)], around)).toThrow(/inbox has 2 routes/);
  });

  it('are refused where they did not come from a row', () => {
    const guarded = guardedRouter(all, around);
    const app = express().use(guarded);
    expect(() => requireGuarded(app, guarded)).not.toThrow();
    app.get('/v1/back-door', nothing);
    expect(() => requireGuarded(app, guarded)).toThrow('/v1/back-door is not guarded');
    const nested = express().use(guarded, Router().get('/v1/back-door', nothing));
    expect(() => requireGuarded(nested, guarded)).toThrow('not guarded');
    const deeper = express().use(guarded, Router().use(Router().get('/v1/back-door', nothing)));
    expect(() => requireGuarded(deeper, guarded)).toThrow('not guarded');
  });

  it('have names of their own, and an address of their own for each method', () => {
    expect(new Set(PERMISSIONS).size).toBe(PERMISSIONS.length);
    const addresses = MATRIX.map(({ method, path }) => `${method} ${path}`);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it('are about a lifecycle exactly where a key is in the address, and need somebody to be for', () => {
    for (const { permission, path, about, who } of MATRIX) {
      expect([permission, path.includes('/{key}')]).toEqual([permission, about === 'lifecycle']);
      expect([permission, who.length > 0]).toEqual([permission, true]);
      if (who.includes('anybody'))
        expect([permission, who, about]).toEqual([permission, ['anybody'], 'service']);
    }
  });

  it('are in the OpenAPI document, all but pages, and say there who needs no token', () => {
    const paths = openApiDocument().paths ?? {};
    const said = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, { security }]) => [
        `${method.toUpperCase()} ${path}`,
        security?.length === 0,
      ]),
    );
    const rows = MATRIX.filter(({ permission }) => !isPage(permission)).map(({ method, path, who }) => [
      `${method} ${path}`,
      who.includes('anybody'),
    ]);
    expect(said.sort()).toEqual(rows.sort());
  });

  it('answer whoever is not signed in with that, also about a method that there is not', async () => {
    const api = await runningApi();
    expect((await api.send('PATCH', '/v1/inbox', undefined, { as: null })).status).toBe(401);
    const signedIn = await api.send('PATCH', '/v1/inbox');
    expect([signedIn.status, signedIn.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    const lifecycles = await api.send('DELETE', '/v1/lifecycles');
    expect(lifecycles.headers.get('allow')).toBe('GET, HEAD, POST');
  });
});

const isPage = (permission: string): boolean =>
  ACTION_NAMES.some((name) => name === permission && actionRow(name).page === true);

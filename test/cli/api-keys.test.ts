import { describe, expect, it } from 'vitest';
import type { ApiKey, ApiKeys } from '../../src/ports/api-keys.js';
import { IdentityUnavailable } from '../../src/ports/authenticator.js';
import { runningCli } from './running-cli.js';

/** Keys in memory: what becomes of real ones is shown elsewhere. */
function keysInMemory(): ApiKeys & { readonly all: Map<string, ApiKey> } {
  const all = new Map<string, ApiKey>();
  return {
    all,
    create: async (fresh) => {
      const key = { ...fresh, lastUsedAt: null, revokedAt: null, revokedBy: null };
      all.set(key.id, key);
      return { key, token: `aw_${key.id}_secret` };
    },
    list: async (person) => [...all.values()].filter((key) => person === null || key.person === person),
    revoke: async (id, revokedBy, revokedAt) => {
      const key = all.get(id);
      if (key !== undefined) all.set(id, { ...key, revokedBy, revokedAt });
      return all.get(id);
    },
  };
}

describe('api-keys', () => {
  it('makes one, prints it alone, lists it and revokes it', async () => {
    const apiKeys = keysInMemory();
    const { call } = await runningCli({ apiKeys });
    const made = await call(
      ...['api-keys', 'create', 'ci', '--label', 'build', '--scope', 'show', '--scope', 'add-evidence'],
      ...['--expires', '30d', '--as', 'ira'],
    );
    const [key] = [...apiKeys.all.values()];
    expect(made).toMatchObject({ exit: 0, out: `aw_${key?.id}_secret\n` });
    expect(made.err).toMatch(/is good until \d{4}-\d\d-\d\d\. It is not shown again/);
    expect(key).toMatchObject({ person: 'ci', scopes: ['show', 'add-evidence'], createdBy: 'ira' });
    const listed = await call('api-keys', 'ls', '--as', 'ira');
    expect(listed.out).toMatch(/ci +build +show, add-evidence +\d{4}-\d\d-\d\d +never/);
    expect((await call('api-keys', 'ls', 'lab', '--as', 'ira')).err).toContain('No machine has a key');
    expect((await call('api-keys', 'revoke', key?.id ?? '', '--as', 'ira')).out).toContain(
      'opens nothing any more',
    );
    expect((await call('api-keys', 'ls', '--as', 'ira')).out).toContain('revoked 2');
    const json = JSON.parse((await call('api-keys', 'ls', '--as', 'ira', '--json')).out);
    expect(json.items).toHaveLength(1);
  });

  it.each([
    [['create', 'ci', '--scope', 'show'], 2, /--label/],
    [['create', 'ci', '--label', 'x'], 2, /--scope/],
    [['create', 'ci', '--label', 'x', '--scope', 'show', '--expires', 'soon'], 2, /such as 90d/],
    [['create', 'ci', '--label', 'x', '--scope', 'all'], 2, /must be one of/],
    [['create', 'ravi', '--label', 'x', '--scope', 'show'], 2, /no active machine "ravi"/],
    [['revoke', 'none'], 5, /no key with such an id/],
  ])('%j ends with %i', async (args, exit, sentence) => {
    const { call } = await runningCli({ apiKeys: keysInMemory() });
    const called = await call('api-keys', ...args, '--as', 'ira');
    expect(called).toMatchObject({ exit, err: expect.stringMatching(sentence) });
  });

  it('says that it is not for everybody, and when it cannot be done now', async () => {
    const { call } = await runningCli({ apiKeys: keysInMemory() });
    expect((await call('api-keys', 'ls', '--as', 'asha')).exit).toBe(4);
    const down = await runningCli({
      apiKeys: {
        ...keysInMemory(),
        list: async () => {
          throw new IdentityUnavailable('no');
        },
      },
    });
    expect((await down.call('api-keys', 'ls', '--as', 'ira')).exit).toBe(7);
  });
});

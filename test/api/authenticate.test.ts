import type { Request, Response } from 'express';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { authenticate } from '../../src/api/authenticate.js';
import { contextOf } from '../../src/api/request-context.js';
import { IdentityUnavailable } from '../../src/ports/authenticator.js';

const PERSON = { id: 'ci', name: 'CI', active: true, functions: [], roles: ['machine'], teams: ['t'] };

/** A machine that calls again and again, and whoever knows it. */
function calling(patience?: Parameters<typeof authenticate>[2]) {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
  onTestFinished(() => void vi.useRealTimers());
  const world = { asked: 0, knows: true, answers: true, hangs: false };
  const handler = authenticate(
    {
      authenticator: {
        authenticate: async () => {
          world.asked += 1;
          if (world.hangs) await new Promise(() => undefined);
          if (!world.answers) throw new IdentityUnavailable('away');
          return world.knows ? ({ person: 'ci', kind: 'machine', scopes: null } as never) : undefined;
        },
      },
      directory: { person: async () => PERSON },
    },
    'Bearer',
    patience,
  );
  const call = async (): Promise<string> => {
    const response = {} as Response;
    const request = { headers: { authorization: 'Bearer token' } } as Request;
    try {
      await handler(request, response, () => undefined);
      return contextOf(response).person?.id ?? 'nobody';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  return { world, call, later: (ms: number) => vi.setSystemTime(Date.now() + ms) };
}

describe('who calls', () => {
  it('is asked for at most once a second', async () => {
    const { world, call, later } = calling();
    expect([await call(), await call(), world.asked]).toEqual(['ci', 'ci', 1]);
    later(1_001);
    expect([await call(), world.asked]).toEqual(['ci', 2]);
  });

  it('is nobody as soon as that is answered, and unknown while nobody answers', async () => {
    const { world, call, later } = calling();
    await call();
    later(1_001);
    world.answers = false;
    expect(await call()).toBe('identity-unavailable');
    world.answers = true;
    world.knows = false;
    expect(await call()).toBe('unauthenticated');
  });
});

describe('with patience', () => {
  const patience = { unasked: 2_000, outage: 60_000 };

  it('whoever calls all the time waits for no answer, and is out with the next', async () => {
    const { world, call, later } = calling(patience);
    await call();
    later(1_001);
    world.knows = false;
    expect(await call()).toBe('ci');
    expect(world.asked).toBe(2);
    expect(await call()).toBe('unauthenticated');
  });

  it('whoever was silent for longer waits for it', async () => {
    const { world, call, later } = calling(patience);
    await call();
    later(3_001);
    world.knows = false;
    expect(await call()).toBe('unauthenticated');
  });

  it.each(['away', 'silent'] as const)('an outage (%s) is bridged, and not for ever', async (how) => {
    const { world, call, later } = calling(patience);
    await call();
    if (how === 'away') world.answers = false;
    else world.hangs = true;
    later(3_001);
    expect(await call()).toBe('ci');
    later(57_000);
    expect(await call()).toBe('ci');
    if (how === 'silent') return;
    later(1_000);
    expect(await call()).toBe('identity-unavailable');
  });

  it('nobody is known through an outage who was not known before', async () => {
    const { world, call } = calling(patience);
    world.answers = false;
    expect(await call()).toBe('identity-unavailable');
  });
});

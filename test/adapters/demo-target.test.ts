import { setTimeout as sleep } from 'node:timers/promises';
import { Router } from 'express';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { serveDemo } from '../../src/adapters/demo-server.js';
import { openDemoTarget } from '../../src/adapters/demo-target/server.js';
import { createHttpReleaseTarget } from '../../src/adapters/http-release-target.js';
import { type AppliedEffect, effectForm } from '../../src/adapters/target-protocol.js';
import { StaleFence, TargetUnavailable } from '../../src/ports/release-target.js';
import { temporaryFolder } from '../ports/temporary-folder.js';
import { describeFaultyTarget } from './targets/conformance/faults.js';
import { startFaultyProxy } from './targets/conformance/faulty-proxy.js';
import { describeReleaseTarget } from './targets/conformance/promises.js';
import { exposed, noSignal, request } from './targets/conformance/requests.js';

async function serve(folder: string) {
  const demo = await openDemoTarget(folder, pino({ level: 'silent' }));
  const server = await serveDemo({ '/target': demo.router }, 0);
  const baseUrl = `http://127.0.0.1:${server.port}/target`;
  const close = async (): Promise<void> => {
    await server.close();
    await demo.close();
  };
  onTestFinished(close);
  const call = async (method: string, path: string, body?: unknown) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(baseUrl + path, { method, headers, body: JSON.stringify(body) ?? null });
    return { status: answer.status, body: await answer.json() };
  };
  const journal = async (query = ''): Promise<AppliedEffect[]> =>
    z.object({ entries: z.array(effectForm) }).parse((await call('GET', `/journal${query}`)).body).entries;
  return {
    close,
    call,
    origin: `http://127.0.0.1:${server.port}`,
    target: createHttpReleaseTarget({ baseUrl, timeoutMs: 400 }),
    arm: (fault: object) => call('POST', '/faults', fault),
    faults: async () => (await call('GET', '/faults')).body,
    journal,
    applied: async (lifecycle: string): Promise<string[]> =>
      (await journal(`?lifecycle=${lifecycle}`)).map(({ effectKey }) => effectKey),
  };
}

describeReleaseTarget('the demo target over HTTP', async () => (await serve(await temporaryFolder())).target);

describeFaultyTarget('the demo target over HTTP', async () => {
  const { origin, target: honest, applied } = await serve(await temporaryFolder());
  const proxy = await startFaultyProxy(origin, ({ method }) => method === 'PUT');
  const target = createHttpReleaseTarget({ baseUrl: `${proxy.url}/target`, timeoutMs: 600 });
  return { target, proxy, honest, effects: async (lifecycle) => (await applied(lifecycle)).length };
});

describe('the demo target', () => {
  it('keeps its state, its effect keys and its fences over a restart', async () => {
    const folder = await temporaryFolder();
    const first = await serve(folder);
    await first.target.apply(request('kyc', 3, 10), noSignal());
    const before = await first.target.read('kyc');
    await first.close();

    const second = await serve(folder);
    expect(await second.target.read('kyc')).toEqual(before);
    await second.target.apply(request('kyc', 3, 10), noSignal());
    await expect(second.target.apply(request('kyc', 2, 100), noSignal())).rejects.toThrow(StaleFence);
    expect(await second.applied('kyc')).toEqual(['kyc/step-3/1']);
  });

  it('shows its journal by lifecycle and as a whole', async () => {
    const { target, journal, applied } = await serve(await temporaryFolder());
    await target.apply(request('kyc', 1, 10), noSignal());
    await target.apply(request('tax', 1, 20), noSignal());
    await target.apply(request('kyc', 2, 30), noSignal());
    expect(await applied('kyc')).toEqual(['kyc/step-1/1', 'kyc/step-2/1']);
    expect(await journal()).toHaveLength(3);
  });

  it.each([
    ['PUT', '/lifecycles/kyc/allocation', { fence: 1 }, 422],
    ['POST', '/faults', { kind: 'explode' }, 422],
    ['GET', '/nothing-here', undefined, 404],
  ])('answers %s %s with a bad request as what it is', async (method, path, body, status) => {
    const { call } = await serve(await temporaryFolder());
    expect((await call(method, path, body)).status).toBe(status);
  });
});

describe('faults of the demo target', () => {
  it('drop-reply: applies, then breaks the connection; the repetition is answered from the journal', async () => {
    const { target, arm, applied, faults } = await serve(await temporaryFolder());
    await arm({ kind: 'drop-reply', lifecycle: 'kyc', times: 2 });
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(target.apply(request('kyc', 1, 25), noSignal())).rejects.toThrow(TargetUnavailable);
    }
    await target.apply(request('kyc', 1, 25), noSignal());
    expect(await applied('kyc')).toEqual(['kyc/step-1/1']);
    expect(await faults()).toEqual({ armed: [], fired: { 'drop-reply': 2 } });
  });

  it('fail: answers 500 and applies nothing', async () => {
    const { target, arm } = await serve(await temporaryFolder());
    await arm({ kind: 'fail', times: 1 });
    await expect(target.apply(request('kyc', 1, 25), noSignal())).rejects.toThrow(/answered 500/);
    expect(await target.read('kyc')).toBeUndefined();
  });

  it('hang: never answers and applies nothing; the time limit ends it, or the caller', async () => {
    const { target, arm } = await serve(await temporaryFolder());
    await arm({ kind: 'hang', times: 2 });
    await expect(target.apply(request('kyc', 1, 25), noSignal())).rejects.toThrow(TargetUnavailable);
    const caller = new AbortController();
    const hanging = target.apply(request('kyc', 1, 25), caller.signal);
    setTimeout(() => caller.abort(new Error('no longer wanted')), 50);
    await expect(hanging).rejects.toThrow('no longer wanted');
    expect(await target.read('kyc')).toBeUndefined();
  });

  it('slow: a late effect loses against the fence of the rollback that overtook it', async () => {
    const { target, arm, applied } = await serve(await temporaryFolder());
    await arm({ kind: 'slow', ms: 150, times: 1 });
    const caller = new AbortController();
    const slow = target.apply(request('kyc', 1, 25), caller.signal);
    await sleep(50);
    caller.abort(new Error('stop-ship'));
    await expect(slow).rejects.toThrow('stop-ship');
    await target.apply(request('kyc', 2, 0), noSignal());
    await sleep(200);
    expect(await target.read('kyc')).toMatchObject({ fence: 2, allocation: exposed(0) });
    expect(await applied('kyc')).toEqual(['kyc/step-2/1']);
  });

  it('concern one lifecycle where they name it, and stay until cleared where no number is given', async () => {
    const { target, arm, call } = await serve(await temporaryFolder());
    await arm({ kind: 'fail', lifecycle: 'kyc' });
    await target.apply(request('tax', 1, 25), noSignal());
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(target.apply(request('kyc', 1, 25), noSignal())).rejects.toThrow(TargetUnavailable);
    }
    await call('DELETE', '/faults');
    await target.apply(request('kyc', 1, 25), noSignal());
  });
});

describe('the health of a target over HTTP', () => {
  it('is what the target says of itself', async () => {
    const { target, arm } = await serve(await temporaryFolder());
    await arm({ kind: 'sick', lifecycle: 'kyc', times: 1 });
    expect(await target.health('kyc')).toEqual({ ok: false, detail: 'sick as told by POST /faults' });
    expect(await target.health('kyc')).toMatchObject({ ok: true });
  });

  it('is what it serves where it says nothing of itself', async () => {
    const router = Router();
    const nothing = { code: 'nothing-applied' };
    const stands = { fence: 4, allocation: exposed(10), appliedAt: 1 };
    router.get('/lifecycles/kyc', (_request, response) => void response.json(stands));
    router.get('/lifecycles/tax', (_request, response) => void response.status(404).json(nothing));
    router.get('/lifecycles/hr', (_request, response) => void response.json({ fence: 'four' }));
    const server = await serveDemo({ '/target': router }, 0);
    onTestFinished(() => server.close());
    const baseUrl = `http://127.0.0.1:${server.port}/target`;
    const target = createHttpReleaseTarget({ baseUrl, timeoutMs: 400 });
    expect(await target.health('kyc')).toEqual({ ok: true, detail: 'kyc is at fence 4' });
    expect(await target.health('tax')).toMatchObject({ ok: true });
    expect(await target.health('hr')).toMatchObject({ ok: false });
  });
});

describe('the client of a release target', () => {
  it('calls nothing in a private network that nobody allowed', async () => {
    const baseUrl = 'http://10.255.0.1:9/target';
    const target = createHttpReleaseTarget({ baseUrl, timeoutMs: 400 });
    await expect(target.read('kyc')).rejects.toThrow(/leads into a private network/);
    expect(await target.health('kyc')).toMatchObject({ ok: false });
  });

  it('calls a server that is not there unavailable, and a strange 404 not an empty target', async () => {
    const { target, close } = await serve(await temporaryFolder());
    await close();
    await expect(target.apply(request('kyc', 1, 25), noSignal())).rejects.toThrow(/gave no answer/);
    const server = await serveDemo({}, 0);
    onTestFinished(() => server.close());
    const wrong = createHttpReleaseTarget({
      baseUrl: `http://127.0.0.1:${server.port}/target`,
      timeoutMs: 400,
    });
    await expect(wrong.read('kyc')).rejects.toThrow(TargetUnavailable);
  });
});

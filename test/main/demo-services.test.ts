import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createHttpReleaseTarget } from '../../src/adapters/http-release-target.js';
import { noSignal, request } from '../adapters/targets/conformance/requests.js';
import { killAndWait, nextMessage, startModule } from '../ports/child-process.js';
import { temporaryFolder } from '../ports/temporary-folder.js';

async function start(home: string): Promise<{ child: ChildProcess; origin: string }> {
  const child = startModule(new URL('../../src/main/demo-services.ts', import.meta.url), [], {
    ...process.env,
    AIRWORTHY_HOME: home,
    AIRWORTHY_SERVICES_PORT: '0',
    AIRWORTHY_LOG_LEVEL: 'silent',
  });
  const message = await nextMessage(child);
  expect(message).toEqual({ ready: true, port: expect.any(Number) });
  return { child, origin: `http://127.0.0.1:${(message as { port: number }).port}` };
}

describe('the demo services', () => {
  it('keep what was applied when they are killed in the middle, and end in order on SIGTERM', async () => {
    const home = await temporaryFolder();
    const first = await start(home);
    const target = createHttpReleaseTarget({ baseUrl: `${first.origin}/target`, timeoutMs: 2_000 });
    await target.apply(request('kyc', 1, 10), noSignal());
    await killAndWait(first.child);

    const second = await start(home);
    const again = createHttpReleaseTarget({ baseUrl: `${second.origin}/target`, timeoutMs: 2_000 });
    await again.apply(request('kyc', 1, 10), noSignal());
    const journal = await fetch(`${second.origin}/target/journal`);
    expect(await journal.json()).toMatchObject({ entries: [{ effectKey: 'kyc/step-1/1' }] });
    expect((await fetch(`${second.origin}/metrics/faults`)).status).toBe(200);

    const ended = once(second.child, 'exit');
    second.child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  it('end when the process that started them is gone', async () => {
    const { child } = await start(await temporaryFolder());
    const ended = once(child, 'exit');
    child.disconnect();
    expect(await ended).toEqual([0, null]);
  });
});

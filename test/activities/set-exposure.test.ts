import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSetExposure } from '../../src/activities/set-exposure.js';
import type { ExposureOutcome } from '../../src/activities/types.js';
import { serveDemo } from '../../src/adapters/demo-server.js';
import { openDemoTarget } from '../../src/adapters/demo-target/server.js';
import { createHttpReleaseTarget } from '../../src/adapters/http-release-target.js';
import type { Approver } from '../../src/domain/lifecycle/state.js';
import { type Directory, DirectoryUnavailable } from '../../src/ports/directory.js';
import { type ReleaseTarget, TargetUnavailable } from '../../src/ports/release-target.js';
import { digest } from '../support/lifecycle.js';

const release = digest('release');
const gita: Approver = { person: 'gita', authority: { function: 'governance' } };

let folder: string;
let url: string;
let close: () => Promise<void>;
let directory: Pick<Directory, 'person'>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'airworthy-target-'));
  const target = await openDemoTarget(folder, { warn: () => undefined });
  const server = await serveDemo({ '/target': target.router }, 0);
  url = `http://127.0.0.1:${server.port}/target`;
  close = async () => {
    await server.close();
    await target.close();
    await rm(folder, { recursive: true });
  };
  directory = {
    person: async (id) => ({
      id,
      name: id,
      functions: ['governance'],
      teams: ['t'],
      roles: [],
      active: true,
    }),
  };
});
afterEach(() => close());

const activityEnvironment = () => new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });

function setExposure(
  fence: number,
  percent: number,
  environment = activityEnvironment(),
): Promise<ExposureOutcome> {
  const target = createHttpReleaseTarget({ baseUrl: url, timeoutMs: 5_000 });
  const { setExposure: run } = createSetExposure(target, directory as Directory);
  const candidate = percent === 0 ? null : { release, percent, shadow: false };
  const allocation = { candidate, serving: null, cohort: null, review: 'normal' } as const;
  const approvers = percent === 0 ? [] : [gita];
  return environment.run(run, {
    key: `k/exposure/${fence}`,
    lifecycle: 'k',
    team: 't',
    fence,
    allocation,
    approvers,
  });
}

const fault = (kind: string) =>
  fetch(`${url}/faults`, {
    method: 'POST',
    body: JSON.stringify({ kind, times: 1 }),
    headers: { 'content-type': 'application/json' },
  });

describe('the effect on a release target', () => {
  it('is applied, and counts as it is read back', async () => {
    const done = await setExposure(1, 10);
    expect(done).toMatchObject({ outcome: 'applied', allocation: { candidate: { release, percent: 10 } } });
  });

  it('tells what stands there where something later was applied, whether it is new or a repetition', async () => {
    await setExposure(1, 10);
    await setExposure(5, 0);
    expect(await setExposure(3, 50)).toEqual({ outcome: 'fenced', fence: 5 });
    expect(await setExposure(1, 10)).toEqual({ outcome: 'fenced', fence: 5 });
  });

  it('is not tried for an approver who has left the function, the team or the company, or is unknown', async () => {
    const gone: Awaited<ReturnType<Directory['person']>>[] = [
      { id: 'gita', name: 'Gita', functions: ['product'], teams: ['t'], roles: [], active: true },
      { id: 'gita', name: 'Gita', functions: ['governance'], teams: ['other'], roles: [], active: true },
      { id: 'gita', name: 'Gita', functions: ['governance'], teams: ['t'], roles: [], active: false },
      undefined,
    ];
    for (const [index, person] of gone.entries()) {
      directory = { person: async () => person };
      expect(await setExposure(index + 1, 10)).toEqual({ outcome: 'ineligible', people: ['gita'] });
    }
    const { entries } = (await (await fetch(`${url}/journal`)).json()) as { entries: unknown[] };
    expect(entries).toEqual([]);
  });

  it('fails, and so is tried again, while nobody can say who is who; withdrawing exposure asks nobody', async () => {
    directory = {
      person: async () => {
        throw new DirectoryUnavailable('the people file is away');
      },
    };
    await expect(setExposure(1, 10)).rejects.toThrow(DirectoryUnavailable);
    expect(await setExposure(2, 0)).toMatchObject({ outcome: 'applied' });
  });

  it('fails without a clear answer and succeeds when it is tried again', async () => {
    await fault('drop-reply');
    await expect(setExposure(1, 10)).rejects.toThrow(TargetUnavailable);
    expect(await setExposure(1, 10)).toMatchObject({ outcome: 'applied' });
  });

  it('counts for nothing while the target does not show it, and says how the target is', async () => {
    const target: ReleaseTarget = {
      apply: async () => undefined,
      read: async () => undefined,
      health: async () => ({ ok: false, detail: `no version carries the release ${'x'.repeat(400)}` }),
    };
    const { setExposure: run } = createSetExposure(target, directory as Directory);
    const allocation = { candidate: null, serving: null, cohort: null, review: 'normal' } as const;
    const work = { key: 'k/exposure/1', lifecycle: 'k', team: 't', fence: 1, allocation, approvers: [] };
    const failed = activityEnvironment().run(run, work);
    await expect(failed).rejects.toMatchObject({ type: 'NotReadBack', nonRetryable: false });
    await expect(failed).rejects.toThrow(
      /does not show effect k\/exposure\/1 yet; .*: no version carries .{0,300}$/,
    );
  });

  it('goes where the target serves the team of the lifecycle', async () => {
    const asked: string[] = [];
    const own = createHttpReleaseTarget({ baseUrl: url, timeoutMs: 5_000 });
    const routed: ReleaseTarget = {
      ...own,
      apply: () => Promise.reject(new TargetUnavailable('no route')),
      forTeam: (team) => {
        asked.push(team);
        return own;
      },
    };
    const { setExposure: run } = createSetExposure(routed, directory as Directory);
    const allocation = { candidate: null, serving: null, cohort: null, review: 'normal' } as const;
    const work = { key: 'k/exposure/1', lifecycle: 'k', team: 't', fence: 1, allocation, approvers: [] };
    expect(await activityEnvironment().run(run, work)).toEqual({ outcome: 'applied', allocation });
    expect(asked).toEqual(['t']);
  });

  it('beats while it waits, and ends at once when it is cancelled', async () => {
    await fault('hang');
    const environment = activityEnvironment();
    let beats = 0;
    environment.on('heartbeat', () => {
      beats += 1;
      if (beats === 3) environment.cancel();
    });
    await expect(setExposure(1, 10, environment)).rejects.toThrow(CancelledFailure);
    expect(beats).toBe(3);
  });
});

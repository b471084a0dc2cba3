import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOwnEgress } from '../../../src/adapters/egress/own-egress.js';
import { createMlflowTarget, RELEASE_TAG } from '../../../src/adapters/targets/mlflow/mlflow-target.js';
import { createRegistry } from '../../../src/adapters/targets/mlflow/registry.js';
import { openTargets } from '../../../src/adapters/targets/open-targets.js';
import { plain } from '../../../src/adapters/targets/promises.js';
import { type ReleaseTarget, StaleFence, TargetUnavailable } from '../../../src/ports/release-target.js';
import { temporaryFolder } from '../../ports/temporary-folder.js';
import { type Mlflow, startMlflow } from '../../support/services/mlflow.js';
import { describeFaultyTarget } from './conformance/faults.js';
import { startFaultyProxy } from './conformance/faulty-proxy.js';
import { describeReleaseTarget } from './conformance/promises.js';
import { exposed, LIFECYCLES, noSignal, RELEASES, request, withdrawn } from './conformance/requests.js';

const ALIASES = { serving: 'serving', candidate: 'candidate', shadow: 'shadow' };

let mlflow: Mlflow;
let places = 0;

beforeAll(async () => {
  mlflow = await startMlflow();
}, 120_000);
afterAll(() => mlflow.stop());

/** A registered model for each lifecycle, with the releases as versions 1, 2, 3, as CI registers them. */
async function registerModels(lifecycles: readonly string[] = ['kyc']): Promise<string> {
  const model = `place-${++places}-$lifecycle`;
  for (const lifecycle of lifecycles) {
    const name = model.replace('$lifecycle', plain(lifecycle));
    await mlflow.post('registered-models/create', { name });
    for (const release of Object.values(RELEASES)) await registerVersion(name, release);
  }
  return model;
}

const registerVersion = (name: string, release: string) =>
  mlflow.post('model-versions/create', {
    name,
    source: 's3://models/kyc',
    tags: [{ key: RELEASE_TAG, value: release }],
  });

function targetAt(url: string, model: string, timeoutMs = 10_000): ReleaseTarget {
  const registry = createRegistry({
    egress: createOwnEgress(url, []),
    url,
    timeoutMs,
    authorization: undefined,
  });
  return createMlflowTarget({ registry, model, aliases: ALIASES });
}

interface Model {
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  /** Versions by alias. */
  readonly aliases: Readonly<Record<string, string>>;
}

async function modelOf(model: string, lifecycle = 'kyc'): Promise<Model> {
  const name = model.replace('$lifecycle', plain(lifecycle));
  const { registered_model: found } = await mlflow.get('registered-models/get', { name });
  const { tags = [], aliases = [] } = found as {
    tags?: Model['tags'];
    aliases?: { alias: string; version: string }[];
  };
  return { tags, aliases: Object.fromEntries(aliases.map(({ alias, version }) => [alias, version])) };
}

const effectsIn = ({ tags }: Model): readonly string[] =>
  tags.map(({ key }) => key).filter((key) => key.startsWith('airworthy/'));

describeReleaseTarget('an MLflow model', async () => targetAt(mlflow.url, await registerModels(LIFECYCLES)));

describeFaultyTarget('an MLflow model', async () => {
  const model = await registerModels();
  const proxy = await startFaultyProxy(mlflow.url, ({ method }) => method !== 'GET');
  return {
    target: targetAt(proxy.url, model, 900),
    proxy,
    honest: targetAt(mlflow.url, model),
    effects: async (lifecycle) => effectsIn(await modelOf(model, lifecycle)).length,
  };
});

describe('aliases of an MLflow model', () => {
  const serving = { release: RELEASES.r0, percent: 100 };
  const shadow = { ...withdrawn, serving, candidate: { release: RELEASES.r1, percent: 10, shadow: true } };
  const canary = { ...exposed(10), serving: { ...serving, percent: 90 } };

  it('lead to what serves, what is a candidate, and what only watches; never to what is withdrawn', async () => {
    const model = await registerModels();
    const target = targetAt(mlflow.url, model);
    const seen = [];
    for (const [index, allocation] of [{ ...withdrawn, serving }, shadow, canary, withdrawn].entries()) {
      await target.apply(request('kyc', index + 1, allocation), noSignal());
      seen.push((await modelOf(model)).aliases);
    }
    expect(seen).toEqual([
      { serving: '1' },
      { serving: '1', shadow: '2' },
      { serving: '1', candidate: '2' },
      {},
    ]);
  });

  it('leave those of others alone', async () => {
    const model = await registerModels();
    const name = model.replace('$lifecycle', 'kyc');
    await mlflow.post('registered-models/alias', { name, alias: 'champion', version: '3' });
    const target = targetAt(mlflow.url, model);
    await target.apply(request('kyc', 1, canary), noSignal());
    await target.apply(request('kyc', 2, withdrawn), noSignal());
    expect((await modelOf(model)).aliases).toEqual({ champion: '3' });
  });

  it('moved by hand are not what was applied; telling it again puts them back', async () => {
    const model = await registerModels();
    const target = targetAt(mlflow.url, model);
    await target.apply(request('kyc', 1, canary), noSignal());
    const before = await target.read('kyc');
    const name = model.replace('$lifecycle', 'kyc');
    await mlflow.post('registered-models/alias', { name, alias: 'candidate', version: '3' });
    await expect(target.read('kyc')).rejects.toThrow(/alias candidate of place-\d+-kyc does not lead to 2/);
    expect(await target.health('kyc')).toMatchObject({ ok: false });
    await target.apply(request('kyc', 1, canary), noSignal());
    expect(await target.read('kyc')).toEqual(before);
  });

  it('are not changed any more once the effect is cancelled, and the change on its way is waited for', async () => {
    const model = await registerModels();
    const proxy = await startFaultyProxy(mlflow.url, ({ method }) => method !== 'GET');
    const caller = new AbortController();
    proxy.writes = 'late';
    const late = targetAt(proxy.url, model).apply(request('kyc', 1, canary), caller.signal);
    setTimeout(() => caller.abort(new Error('stop-ship')), 100);
    await expect(late).rejects.toThrow('stop-ship');
    const left = await modelOf(model);
    expect([effectsIn(left), left.aliases]).toEqual([['airworthy/kyc/1'], {}]);
  });

  it('are put right by whoever sees them last, where an earlier effect went on behind a later one', async () => {
    const model = await registerModels();
    const target = targetAt(mlflow.url, model);
    await target.apply(request('kyc', 2, withdrawn), noSignal());
    // What a worker does that slept between its look and its writing: it records its effect, and sets its alias.
    const late = { ...request('kyc', 1, canary), appliedAt: 1, aliases: { candidate: '2' }, versions: {} };
    const { lifecycle: _lifecycle, ...record } = late;
    const name = model.replace('$lifecycle', 'kyc');
    const tag = { name, key: 'airworthy/kyc/1', value: JSON.stringify(record) };
    await mlflow.post('registered-models/set-tag', tag);
    await mlflow.post('registered-models/alias', { name, alias: 'candidate', version: '2' });
    await expect(target.read('kyc')).rejects.toThrow(TargetUnavailable);
    await target.apply(request('kyc', 2, withdrawn), noSignal());
    expect(await target.read('kyc')).toMatchObject({ fence: 2, allocation: withdrawn });
    expect((await modelOf(model)).aliases).toEqual({});
    await expect(target.apply(request('kyc', 1, canary), noSignal())).rejects.toThrow(StaleFence);
  });

  it('agree in the end when two workers set them at the same time', async () => {
    const model = await registerModels();
    const one = targetAt(mlflow.url, model);
    const other = targetAt(mlflow.url, model);
    const attempts = await Promise.allSettled([
      one.apply(request('kyc', 1, canary), noSignal()),
      other.apply(request('kyc', 2, withdrawn), noSignal()),
    ]);
    for (const attempt of attempts) {
      if (attempt.status === 'rejected')
        expect([StaleFence, TargetUnavailable]).toContain(attempt.reason.constructor);
    }
    await one.apply(request('kyc', 2, withdrawn), noSignal());
    expect(await other.read('kyc')).toMatchObject({ fence: 2, allocation: withdrawn });
  });
});

describe('an MLflow model', () => {
  it('is not touched for a release that none of its versions carries, and is once one does', async () => {
    const model = await registerModels();
    const target = targetAt(mlflow.url, model);
    const unknown = `sha256:${'7'.repeat(64)}` as const;
    const candidate = { release: unknown, percent: 10, shadow: false };
    const asked = request('kyc', 1, { ...withdrawn, candidate });
    await expect(target.apply(asked, noSignal())).rejects.toThrow(
      /no version .* airworthy_release = sha256:7/,
    );
    expect(await modelOf(model)).toMatchObject({ aliases: {} });
    expect(effectsIn(await modelOf(model))).toEqual([]);
    await registerVersion(model.replace('$lifecycle', 'kyc'), unknown);
    await target.apply(asked, noSignal());
    expect((await modelOf(model)).aliases).toEqual({ candidate: '4' });
  });

  it('gives a candidate back also when the version that serves can no longer be found', async () => {
    const model = await registerModels();
    const target = targetAt(mlflow.url, model);
    const serving = { release: RELEASES.r0, percent: 90 };
    await target.apply(request('kyc', 1, { ...exposed(10), serving }), noSignal());
    const name = model.replace('$lifecycle', 'kyc');
    await mlflow.post('model-versions/set-tag', { name, version: '1', key: RELEASE_TAG, value: 'gone' });
    await target.apply(request('kyc', 2, { ...withdrawn, serving }), noSignal());
    expect((await modelOf(model)).aliases).toEqual({ serving: '1' });
  });

  it('goes back to the version that served, also when another one of the same release was registered since', async () => {
    const model = await registerModels();
    const target = targetAt(mlflow.url, model);
    const all = (release: string) => ({ ...withdrawn, serving: { release, percent: 100 } });
    await target.apply(request('kyc', 1, all(RELEASES.r0)), noSignal());
    await target.apply(request('kyc', 2, all(RELEASES.r1)), noSignal());
    await target.apply(request('kyc', 3, all(RELEASES.r1)), noSignal());
    await registerVersion(model.replace('$lifecycle', 'kyc'), RELEASES.r0);
    await target.apply(request('kyc', 4, all(RELEASES.r0)), noSignal());
    expect((await modelOf(model)).aliases).toEqual({ serving: '1' });
  });

  it('lets no two lifecycles have one alias, until the other serves nothing there', async () => {
    const model = (await registerModels()).replace('$lifecycle', 'kyc');
    const target = targetAt(mlflow.url, model);
    await target.apply(request('kyc', 1, 10), noSignal());
    const other = target.apply(request('tax', 1, 10), noSignal());
    await expect(other).rejects.toThrow(
      /alias candidate of place-\d+-kyc belongs to kyc: put \$lifecycle into/,
    );
    expect(await target.read('kyc')).toMatchObject({ fence: 1 });
    await target.apply(request('kyc', 2, withdrawn), noSignal());
    await target.apply(request('tax', 1, 10), noSignal());
    expect(await target.read('tax')).toMatchObject({ fence: 1, allocation: exposed(10) });
  });

  it('shows nothing where there is none, and takes nothing before somebody has made it', async () => {
    const target = targetAt(mlflow.url, 'nobody-made-$lifecycle');
    expect(await target.read('kyc')).toBeUndefined();
    await expect(target.apply(request('kyc', 1, 10), noSignal())).rejects.toThrow(
      /no registered model nobody-made-kyc/,
    );
  });

  it('keeps the last effects as tags, and no more', async () => {
    const model = await registerModels();
    const target = targetAt(mlflow.url, model);
    for (let fence = 1; fence <= 24; fence++) await target.apply(request('kyc', fence, fence), noSignal());
    const fences = effectsIn(await modelOf(model)).map((key) => Number(key.split('/')[2]));
    expect(fences.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 5));
    expect(await target.read('kyc')).toMatchObject({ fence: 24 });
  });

  it('whose newest effect was written over by hand is unclear, not empty', async () => {
    const model = await registerModels();
    const target = targetAt(mlflow.url, model);
    const name = model.replace('$lifecycle', 'kyc');
    await mlflow.post('registered-models/set-tag', { name, key: 'airworthy/kyc/9', value: 'mine' });
    await expect(target.read('kyc')).rejects.toThrow(/airworthy\/kyc\/9 is not what was written there/);
    await expect(target.apply(request('kyc', 10, 10), noSignal())).rejects.toThrow(TargetUnavailable);
  });
});

describe('an MLflow model and a file of flags as one, as the targets file says', () => {
  it('go together through a launch, a canary that fails, and the next one', async () => {
    const model = await registerModels();
    const folder = await temporaryFolder();
    const path = join(folder, 'targets.yaml');
    const written = `
targets:
  - {id: registry, kind: mlflow, url: "${mlflow.url}", model: ${model}}
  - {id: flags, kind: flag-file, path: $lifecycle.json}
routes:
  - {teams: [onboarding], apply: [registry, flags]}
`;
    await writeFile(path, written);
    const opened = await openTargets({ path, variables: {}, privateNetworks: [] });
    const target = opened.forTeam?.('onboarding') ?? opened;
    const r1 = { ...withdrawn, serving: { release: RELEASES.r1, percent: 100 } };
    const canary = {
      ...withdrawn,
      candidate: { release: RELEASES.r2, percent: 25, shadow: false },
      serving: { release: RELEASES.r1, percent: 75 },
    };
    const seen = [];
    for (const [index, allocation] of [exposed(50), exposed(100), r1, canary, r1, canary].entries()) {
      await target.apply(request('kyc', index + 1, allocation), noSignal());
      expect(await target.read('kyc')).toMatchObject({ fence: index + 1, allocation });
      const { flags } = JSON.parse(await readFile(join(folder, 'kyc.json'), 'utf8'));
      seen.push([(await modelOf(model)).aliases, flags['airworthy-kyc'].targeting.fractional]);
    }
    expect(seen).toEqual([
      [
        { candidate: '2' },
        [
          ['candidate', 5_000],
          ['fallback', 5_000],
        ],
      ],
      [{ candidate: '2' }, [['candidate', 10_000]]],
      [{ serving: '2' }, [['serving', 10_000]]],
      [
        { serving: '2', candidate: '3' },
        [
          ['candidate', 2_500],
          ['serving', 7_500],
        ],
      ],
      [{ serving: '2' }, [['serving', 10_000]]],
      [
        { serving: '2', candidate: '3' },
        [
          ['candidate', 2_500],
          ['serving', 7_500],
        ],
      ],
    ]);
  });
});

import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFlagFileTarget } from '../../../src/adapters/targets/flag-file/flag-file-target.js';
import { flagsOf } from '../../../src/adapters/targets/flag-file/flags.js';
import { lockForWriting } from '../../../src/adapters/writer-lock.js';
import { type ReleaseTarget, StaleFence, TargetUnavailable } from '../../../src/ports/release-target.js';
import { temporaryFolder } from '../../ports/temporary-folder.js';
import { describeReleaseTarget } from './conformance/promises.js';
import { exposed, noSignal, RELEASES, request, withdrawn } from './conformance/requests.js';

interface Opened {
  readonly folder: string;
  readonly file: string;
  readonly target: ReleaseTarget;
}

async function open(): Promise<Opened> {
  const folder = await temporaryFolder();
  const file = join(folder, 'flags.json');
  return { folder, file, target: createFlagFileTarget({ path: file, flag: 'airworthy-$lifecycle' }) };
}

// biome-ignore lint/suspicious/noExplicitAny: a file of others' making, looked into here and there.
const flagsIn = async (file: string): Promise<any> => JSON.parse(await readFile(file, 'utf8')).flags;

describeReleaseTarget('a file of flags', async () => (await open()).target);

describeReleaseTarget('a file of flags for each lifecycle', async () => {
  const folder = await temporaryFolder();
  return createFlagFileTarget({ path: join(folder, '$lifecycle.json'), flag: 'release' });
});

describe('a file of flags', () => {
  it('keeps what others have in it, and says which effect made our flags', async () => {
    const { file, target } = await open();
    const theirs = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' };
    await writeFile(file, JSON.stringify({ $evaluators: { staff: {} }, flags: { banner: theirs } }));
    await target.apply(request('kyc', 3, 10), noSignal());
    const { $evaluators, flags } = JSON.parse(await readFile(file, 'utf8'));
    expect({ $evaluators, banner: flags.banner }).toEqual({ $evaluators: { staff: {} }, banner: theirs });
    expect(flags['airworthy-kyc'].metadata).toMatchObject({ fence: 3, effectKey: 'kyc/step-3/1' });
  });

  it('is never seen half written, whoever reads it meanwhile', async () => {
    const { file, target } = await open();
    await target.apply(request('kyc', 1, 1), noSignal());
    let writing = true;
    let seen = 0;
    const reading = (async () => {
      for (; writing; seen++) expect(await flagsIn(file)).toHaveProperty('airworthy-kyc');
    })();
    for (let fence = 2; fence < 40; fence++) await target.apply(request('kyc', fence, fence), noSignal());
    writing = false;
    await reading;
    expect(seen).toBeGreaterThan(10);
  });

  it('leaves nothing beside it but the mark of its writer', async () => {
    const { folder, target } = await open();
    for (let fence = 1; fence < 5; fence++) await target.apply(request('kyc', fence, fence), noSignal());
    expect((await readdir(folder)).filter((name) => !name.startsWith('flags.json.lock.'))).toEqual([
      'flags.json',
    ]);
  });

  it('is not written over when it is no file of flags', async () => {
    const { file, target } = await open();
    for (const content of ['{"flags": ', '{"flags": []}', '[]', '']) {
      await writeFile(file, content);
      await expect(target.apply(request('kyc', 1, 10), noSignal())).rejects.toThrow(
        /is no file of flags: mend it/,
      );
      await expect(target.read('kyc')).rejects.toThrow(TargetUnavailable);
      expect(await target.health('kyc')).toMatchObject({ ok: false });
      expect(await readFile(file, 'utf8')).toBe(content);
    }
  });

  it('that was changed by hand is not what was applied; telling it again puts it back', async () => {
    const { file, target } = await open();
    await target.apply(request('kyc', 1, 10), noSignal());
    const before = await target.read('kyc');
    const changed = JSON.parse(await readFile(file, 'utf8'));
    changed.flags['airworthy-kyc'].targeting.fractional[0][1] = 9_000;
    await writeFile(file, JSON.stringify(changed));
    await expect(target.read('kyc')).rejects.toThrow(/are not what kyc\/step-1\/1 made them/);
    expect(await target.health('kyc')).toMatchObject({ ok: false });
    await target.apply(request('kyc', 1, 10), noSignal());
    expect(await target.read('kyc')).toEqual(before);
  });

  it('takes no flag for its own that does not say who made it', async () => {
    const { file, target } = await open();
    const flag = { state: 'ENABLED', variants: { on: true }, defaultVariant: 'on' };
    await writeFile(file, JSON.stringify({ flags: { 'airworthy-kyc': flag } }));
    await expect(target.apply(request('kyc', 1, 10), noSignal())).rejects.toThrow(
      /does not say which effect/,
    );
    expect((await flagsIn(file))['airworthy-kyc']).toEqual(flag);
  });

  it('is unavailable while another process writes it, or its folder is away', async () => {
    const { folder, file, target } = await open();
    const lock = await lockForWriting(file);
    await expect(target.apply(request('kyc', 1, 10), noSignal())).rejects.toThrow(TargetUnavailable);
    await lock.release();
    await target.apply(request('kyc', 1, 10), noSignal());
    await rename(folder, `${folder}-away`);
    await expect(target.apply(request('kyc', 2, 20), noSignal())).rejects.toThrow(
      /is not there: make it, or mount it/,
    );
    await expect(target.read('kyc')).rejects.toThrow(TargetUnavailable);
    expect(await target.health('kyc')).toMatchObject({ ok: false });
    await rename(`${folder}-away`, folder);
    expect(await target.read('kyc')).toMatchObject({ fence: 1 });
  });

  it('lets no two lifecycles have one flag', async () => {
    const { file } = await open();
    const target = createFlagFileTarget({ path: file, flag: 'release' });
    await target.apply(request('kyc', 1, 10), noSignal());
    const other = target.apply(request('tax', 2, 90), noSignal());
    await expect(other).rejects.toThrow(/the flag release belongs to kyc: put \$lifecycle into flag or path/);
    expect(await target.read('tax')).toBeUndefined();
    expect(await target.read('kyc')).toMatchObject({ fence: 1 });
  });

  it('knows its fences after a restart', async () => {
    const { file, target } = await open();
    await target.apply(request('kyc', 4, 10), noSignal());
    const again = createFlagFileTarget({ path: file, flag: 'airworthy-$lifecycle' });
    await expect(again.apply(request('kyc', 3, 90), noSignal())).rejects.toThrow(StaleFence);
    expect(await again.read('kyc')).toEqual(await target.read('kyc'));
  });
});

describe('the flags of an allocation', () => {
  const flagsFor = async (allocation: Parameters<typeof request>[2]) => {
    const { file, target } = await open();
    await target.apply(request('kyc', 1, allocation), noSignal());
    return flagsIn(file);
  };

  it('put each case into its share, and what is left to the fallback', async () => {
    const serving = { release: RELEASES.r0, percent: 60 };
    const { 'airworthy-kyc': flag } = await flagsFor({ ...exposed(12.5), serving });
    expect(flag).toMatchObject({
      variants: { candidate: RELEASES.r1, serving: RELEASES.r0, fallback: 'fallback' },
      defaultVariant: 'fallback',
      targeting: {
        fractional: [
          ['candidate', 1_250],
          ['serving', 6_000],
          ['fallback', 2_750],
        ],
      },
    });
  });

  it('give no release more than its share, and every case to somebody', () => {
    const percent = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(percent, percent, (one, two) => {
        const candidate = { release: RELEASES.r1, percent: one, shadow: false };
        const serving = { release: RELEASES.r0, percent: Math.min(two, 100 - one) };
        const allocation = { ...withdrawn, candidate, serving };
        const record = { lifecycle: 'kyc', effectKey: 'k', fence: 1, appliedAt: 1, allocation };
        const { targeting } = flagsOf('f', record)['f'] as { targeting?: { fractional: [string, number][] } };
        const shares = new Map(targeting?.fractional ?? [['fallback', 10_000]]);
        expect(shares.get('candidate') ?? 0).toBeLessThanOrEqual(one * 100 + 1e-6);
        expect(shares.get('serving') ?? 0).toBeLessThanOrEqual(serving.percent * 100 + 1e-6);
        expect([...shares.values()].reduce((sum, share) => sum + share, 0)).toBe(10_000);
        expect([...shares.values()].every((share) => Number.isInteger(share) && share > 0)).toBe(true);
      }),
    );
  });

  it('serve nobody at exposure zero, and name no release that they do not serve', async () => {
    const { 'airworthy-kyc': flag } = await flagsFor(withdrawn);
    expect(flag).toMatchObject({ variants: { fallback: 'fallback' }, defaultVariant: 'fallback' });
    expect(flag).not.toHaveProperty('targeting');
    expect(Object.keys(flag.variants)).toEqual(['fallback']);
  });

  it('copy cases to a shadow, which serves nobody', async () => {
    const candidate = { release: RELEASES.r1, percent: 25, shadow: true };
    const flags = await flagsFor({
      ...withdrawn,
      candidate,
      serving: { release: RELEASES.r0, percent: 100 },
    });
    expect(flags['airworthy-kyc'].targeting).toEqual({ fractional: [['serving', 10_000]] });
    expect(flags['airworthy-kyc.shadow']).toMatchObject({
      variants: { shadow: RELEASES.r1, none: 'none' },
      defaultVariant: 'none',
      targeting: {
        fractional: [
          ['shadow', 2_500],
          ['none', 7_500],
        ],
      },
    });
  });

  it('give a pilot to nobody who is not said to be in its cohort', async () => {
    const cohort = { digest: RELEASES.r2, people: 30 };
    const { 'airworthy-kyc': flag } = await flagsFor({ ...exposed(100), cohort });
    expect(flag.targeting).toEqual({
      if: [
        { '==': [{ var: 'airworthyCohort' }, cohort.digest] },
        { fractional: [['candidate', 10_000]] },
        'fallback',
      ],
    });
  });

  it('say whether a person reviews every case', async () => {
    const review = async (how: 'all' | 'normal') =>
      (await flagsFor({ ...exposed(10), review: how }))['airworthy-kyc.review'].defaultVariant;
    expect([await review('all'), await review('normal')]).toEqual(['all', 'normal']);
  });
});

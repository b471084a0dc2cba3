import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/ledger/verify/checks.js';
import { OURS, sample } from './corruptions.js';
import { bytesOf, ended, event, refusal, SampleLedger, seededKey, verified } from './sample-ledger.js';

const lineOf = (lines: readonly string[], id: string): number =>
  lines.findIndex((line) => line.includes(`"${id}"`));

/** The first bad row of a bundle whose lines were changed so. */
async function firstBad(change: (lines: string[]) => void, ledger = sample()): Promise<Finding | undefined> {
  const lines = await ledger.lines();
  change(lines);
  return verified(bytesOf(ended(lines))).findings[0];
}

describe('the first bad row and why', () => {
  const kyc = { chain: 'lifecycle/kyc' };

  it('names an entry that was edited', async () => {
    const found = await firstBad((lines) => {
      const at = lineOf(lines, 'lifecycle/kyc/2');
      lines[at] = lines[at]?.replace('"p-1"', '"p-9"') ?? '';
    });
    expect(found).toMatchObject({
      ...kyc,
      check: 'link',
      position: 2,
      message: expect.stringMatching(/^edited/),
    });
  });

  it('tells an edited hash from an edited entry', async () => {
    const found = await firstBad((lines) => {
      const at = lineOf(lines, 'lifecycle/kyc/2');
      lines[at] = lines[at]?.replace(/^\["...../, '["00000') ?? '';
    });
    expect(found).toMatchObject({ ...kyc, check: 'link', position: 2 });
    expect(found?.message).toMatch(/^edited: the stored hash/);
  });

  it('names the place of an event that was deleted, and which', async () => {
    const found = await firstBad((lines) => lines.splice(lineOf(lines, 'lifecycle/kyc/4'), 1));
    expect(found).toMatchObject({ ...kyc, check: 'link', position: 5 });
    expect(found?.message).toBe('deleted: event 4 is missing before this entry');
  });

  it('knows by their number that an entry without one was deleted', async () => {
    const found = await firstBad((lines) => lines.splice(lineOf(lines, 'refusal/a'), 1));
    expect(found).toMatchObject({
      ...kyc,
      check: 'link',
      position: 3,
      message: expect.stringMatching(/^deleted/),
    });
  });

  it('names an entry that was inserted', async () => {
    const found = await firstBad((lines) => {
      const strange = `["${'ab'.repeat(32)}",${refusal('refusal/strange', 'kyc')}]`;
      lines.splice(lineOf(lines, 'lifecycle/kyc/2'), 0, strange);
    });
    expect(found).toMatchObject({
      ...kyc,
      check: 'link',
      position: 2,
      message: expect.stringMatching(/^inserted/),
    });
  });

  it('names two entries that were swapped', async () => {
    const found = await firstBad((lines) => {
      const at = lineOf(lines, 'lifecycle/kyc/1');
      const [first = '', second = ''] = lines.splice(at, 2);
      lines.splice(at, 0, second, first);
    });
    expect(found).toMatchObject({
      ...kyc,
      check: 'link',
      position: 1,
      message: expect.stringMatching(/^swapped/),
    });
  });

  it('names a chain that was cut back to what it was earlier', async () => {
    const now = sample();
    now.seal([OURS]);
    now.chains.get('lifecycle/kyc')?.splice(-2);
    const { findings } = verified(bytesOf(await now.lines()));
    expect(findings).toEqual([
      expect.objectContaining({
        ...kyc,
        check: 'sealed-ahead',
        message: 'truncated: checkpoint 3 sealed 7 entries, there are 5',
      }),
    ]);
  });

  it('names a chain that was deleted as a whole', async () => {
    const lost = sample();
    lost.chains.set('lifecycle/tax', []);
    const { findings } = verified(bytesOf(await lost.lines()));
    expect(findings[0]).toMatchObject({ chain: 'lifecycle/tax', check: 'sealed-ahead' });
  });

  it('names a chain that was written anew behind what a checkpoint sealed', async () => {
    const fork = sample();
    fork.chains.set('lifecycle/tax', []);
    fork.append('lifecycle/tax', event('tax', 1), event('tax', 2, { gate: 'another' }));
    const { findings } = verified(bytesOf(await fork.lines()));
    expect(findings[0]).toMatchObject({ chain: 'lifecycle/tax', position: 2, check: 'sealed' });
    expect(findings[0]?.message).toMatch(/^rewritten: checkpoint 2/);
  });

  it('finds a second history of one lifecycle, which signs with another key', async () => {
    const forger = seededKey(9);
    const forged = new SampleLedger().append('lifecycle/kyc', event('kyc', 1, { gate: 'another' }));
    forged.keys.push({ publicKey: forger.raw, from: 0, until: null });
    const bytes = bytesOf(await forged.seal([forger]).lines());
    expect(verified(bytes)).toMatchObject({ ok: true, keysTrusted: false, keys: [{ id: forger.id }] });
    expect(verified(bytes, { keys: [OURS.raw] }).findings[0]).toMatchObject({ check: 'known-key' });
    const witnessed = sample().checkpoints;
    expect(verified(bytes, { witnessed }).findings[0]?.message).toMatch(/^forked/);
  });

  it('accepts a checkpoint that two keys signed while one replaced the other', async () => {
    const [old, next] = [seededKey(3), seededKey(4)];
    const ledger = new SampleLedger()
      .append('service', refusal('refusal/1', null))
      .seal([old, next])
      .seal([next]);
    for (const { raw } of [old, next]) ledger.keys.push({ publicKey: raw, from: 0, until: null });
    const bytes = bytesOf(await ledger.lines());
    expect(verified(bytes).findings).toEqual([]);
    expect(verified(bytes, { keys: [next.raw] }).findings).toEqual([]);
  });

  it('reads on behind a bad row, and gives up where there is nothing but bad ones', async () => {
    const found = await sample().lines();
    const bad = [...found.slice(0, -1), ...Array.from({ length: 5_000 }, () => '{}')];
    const verdict = verified(bytesOf(bad));
    expect(verdict.gaveUp).toBe(true);
    expect(verdict.findings).toHaveLength(1_000);
  });
});

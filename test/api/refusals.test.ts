import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSpools } from '../../src/adapters/spool.js';
import { createRefusals } from '../../src/api/refusals.js';
import { type Ledger, LedgerConflict, type LedgerEntry, LedgerUnavailable } from '../../src/ports/ledger.js';
import { temporaryFolder } from '../ports/temporary-folder.js';
import { GOVERNED, runningApi } from './running-api.js';

const silent = pino({ level: 'silent' });

async function recording(append: Ledger['append']) {
  const home = await temporaryFolder();
  const reopen = () => {
    const refusals = createRefusals({ append }, createSpools(home, silent), silent);
    onTestFinished(() => refusals.close());
    return refusals;
  };
  return { refusals: reopen(), reopen };
}

const refusal = (id: string, at = 1): LedgerEntry => ({
  id: `refusal/${id}`,
  lifecycle: 'kyc',
  kind: 'refusal',
  seq: null,
  at,
  type: 'not-permitted',
  by: 'asha',
  command: null,
  data: {},
});

describe('the record of refusals', () => {
  it('keeps what an unavailable ledger could not take, and writes it later, each once', async () => {
    const written: string[] = [];
    let down = true;
    const { refusals } = await recording(async ([entry]) => {
      if (down) throw new LedgerUnavailable('down');
      written.push(entry?.id ?? '');
    });
    expect(await refusals.record(refusal('a', 1))).toBe(false);
    expect(await refusals.record(refusal('b', 2))).toBe(false);
    down = false;
    await expect.poll(() => written, { timeout: 5_000 }).toEqual(['refusal/a', 'refusal/b']);
    await expect.poll(() => refusals.record(refusal('c', 3))).toBe(true);
    expect(written).toHaveLength(3);
  });

  it('keeps it through a restart', async () => {
    const written: string[] = [];
    let down = true;
    const { refusals, reopen } = await recording(async ([entry]) => {
      if (down) throw new LedgerUnavailable('down');
      written.push(entry?.id ?? '');
    });
    await refusals.record(refusal('a'));
    await refusals.close();
    down = false;
    reopen();
    await expect.poll(() => written, { timeout: 5_000 }).toEqual(['refusal/a']);
  });

  it('gives a request id that was used before another name in the ledger, always the same', async () => {
    const written = new Map<string, string>();
    const { refusals } = await recording(async ([entry]) => {
      if (entry === undefined) return;
      const known = written.get(entry.id);
      if (known !== undefined && known !== JSON.stringify(entry)) throw new LedgerConflict(entry.id);
      written.set(entry.id, JSON.stringify(entry));
    });
    for (const at of [1, 2, 2]) expect(await refusals.record(refusal('a', at))).toBe(true);
    expect([...written.keys()]).toEqual(['refusal/a', expect.stringMatching(/^refusal\/a\.[0-9a-f]{16}$/)]);
  });

  it('says in the problem document that it is not recorded yet, and records it when the ledger is back', async () => {
    const api = await runningApi();
    await api.post('/v1/lifecycles', GOVERNED);
    api.ledger.away = true;
    const refused = await api.post('/v1/lifecycles/kyc-onboarding/advance', {});
    expect(refused.problem).toMatchObject({ status: 409, code: 'wrong-stage', recorded: false });
    expect((await api.get('/readyz')).body).toMatchObject({ ready: false, ledger: 'unavailable' });
    api.ledger.away = false;
    const recorded = async () => (await api.ledger.read('kyc-onboarding', null, 10)).entries.length;
    await expect.poll(recorded, { timeout: 5_000 }).toBe(1);
  });
});

import { rename } from 'node:fs/promises';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createRefusals } from '../../src/api/refusals.js';
import { LedgerConflict, type LedgerEntry, LedgerUnavailable } from '../../src/ports/ledger.js';
import { GOVERNED, runningApi } from './running-api.js';

const silent = pino({ level: 'silent' });

const refusal = (id: string): LedgerEntry => ({
  id: `refusal/${id}`,
  lifecycle: 'kyc',
  kind: 'refusal',
  seq: null,
  at: 1,
  type: 'not-permitted',
  by: 'asha',
  command: null,
  data: {},
});

describe('the record of refusals', () => {
  it('keeps what an unavailable ledger could not take, and writes it later, each once', async () => {
    const written: string[] = [];
    let down = true;
    const refusals = createRefusals(
      {
        async append(entries) {
          if (down) throw new LedgerUnavailable('down');
          written.push(...entries.map(({ id }) => id));
        },
      },
      silent,
    );
    expect(await refusals.record(refusal('a'))).toBe(false);
    expect(await refusals.record(refusal('b'))).toBe(false);
    down = false;
    expect(await refusals.record(refusal('c'))).toBe(true);
    await expect.poll(() => written, { timeout: 5_000 }).toEqual(['refusal/c', 'refusal/a', 'refusal/b']);
    await refusals.close();
    expect(written).toHaveLength(3);
  });

  it('gives a request id that was used before another name in the ledger', async () => {
    const written = new Set<string>();
    const refusals = createRefusals(
      {
        async append([entry]) {
          if (entry === undefined) return;
          if (written.has(entry.id)) throw new LedgerConflict(entry.id);
          written.add(entry.id);
        },
      },
      silent,
    );
    expect(await refusals.record(refusal('a'))).toBe(true);
    expect(await refusals.record(refusal('a'))).toBe(true);
    expect([...written]).toEqual(['refusal/a', expect.stringMatching(/^refusal\/a\../)]);
  });

  it('says in the problem document that it is not recorded yet, and records it when the journal is back', async () => {
    const api = await runningApi();
    await api.post('/v1/lifecycles', GOVERNED);
    await rename(api.journalFolder, `${api.journalFolder}-away`);
    const refused = await api.post('/v1/lifecycles/kyc-onboarding/advance', {});
    expect(refused.problem).toMatchObject({ status: 409, code: 'wrong-stage', recorded: false });
    expect((await api.get('/readyz')).body).toMatchObject({ ready: false, ledger: 'unavailable' });
    await rename(`${api.journalFolder}-away`, api.journalFolder);
    const recorded = async () => (await api.ledger.read('kyc-onboarding', null, 10)).entries.length;
    await expect.poll(recorded, { timeout: 5_000 }).toBe(1);
  });
});

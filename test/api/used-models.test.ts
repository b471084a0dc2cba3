import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSpools } from '../../src/adapters/spool.js';
import { createUsedModels } from '../../src/api/used-models.js';
import type { Spool } from '../../src/ports/spool.js';
import { shipped } from '../operating-models/shipped-models.js';
import { temporaryFolder } from '../ports/temporary-folder.js';
import { MemoryLedger } from './memory-ledger.js';
import { GOVERNED, PILOT, runningApi } from './running-api.js';

const silent = pino({ level: 'silent' });
const { model } = shipped('standard');

async function recording() {
  const home = await temporaryFolder();
  const ledger = new MemoryLedger();
  const lines: string[] = [];
  const open = () => {
    const log = pino({ level: 'warn' }, { write: (line) => lines.push(line) });
    const used = createUsedModels(ledger, createSpools(home, silent), log);
    onTestFinished(() => used.close());
    return used;
  };
  return { ledger, open, lines };
}

describe('the record of the operating models that are used', () => {
  it('has each version once, of the service, whoever starts under it', async () => {
    const api = await runningApi();
    const { body } = await api.post('/v1/lifecycles', GOVERNED);
    await api.post('/v1/lifecycles', PILOT);
    await api.post('/v1/lifecycles', { ...GOVERNED, key: 'in-a-hurry', operatingModel: 'demo' });
    const { name, version, digest } = body.model;
    expect(api.ledger.chain(null)).toMatchObject([
      {
        id: `policy/${digest}`,
        kind: 'policy',
        type: 'OperatingModelUsed',
        data: { name, version, digest, document: digest },
      },
      { id: expect.stringMatching(/^policy\/sha256:/), data: { name: 'demo' } },
    ]);
    expect(await api.documents.get(digest)).toMatchObject({ name, version });
  });

  it('is not doubled, and no alarm, where another process records it at another time', async () => {
    const { ledger, open, lines } = await recording();
    await open().record(model);
    const [before] = ledger.chain(null);
    await expect.poll(() => Date.now()).toBeGreaterThan(before?.at ?? 0);
    await open().record(model);
    expect(ledger.chain(null)).toEqual([before]);
    expect(lines).toEqual([]);
  });

  it('waits on disk for a ledger that is away, through a restart, and nobody waits for it', async () => {
    const { ledger, open } = await recording();
    ledger.away = true;
    const first = open();
    await first.record(model);
    await first.close();
    ledger.away = false;
    open();
    await expect.poll(() => ledger.chain(null), { timeout: 5_000 }).toMatchObject([{ kind: 'policy' }]);
  });

  it('says what it can neither record nor keep, and tries again at the next start', async () => {
    const lines: string[] = [];
    let full = true;
    let sent = 0;
    const spool: Spool = {
      async send() {
        sent += 1;
        if (full) throw new Error('no space left');
        return true;
      },
      get: async () => undefined,
      close: async () => undefined,
    };
    const log = pino({ level: 'warn' }, { write: (line) => lines.push(line) });
    const used = createUsedModels(new MemoryLedger(), () => spool, log);
    await used.record(model);
    expect(lines).toHaveLength(1);
    full = false;
    for (const _ of [1, 2]) await used.record(model);
    expect(sent).toBe(2);
  });
});

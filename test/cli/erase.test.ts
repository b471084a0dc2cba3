import { describe, expect, it } from 'vitest';
import { LegalHold } from '../../src/ports/document-keeping.js';
import { runningCli } from './running-cli.js';

const keeping = {
  referenced: async () => undefined,
  erase: async ({ subject }: { readonly subject: string }) => {
    if (subject === 'meera') throw new LegalHold(subject, ['kyc-onboarding']);
    return { documents: 3, entry: 'erasure/e1' };
  },
};
const CALL = ['ledger', 'erase', 'rohan', '--reason', 'request 2026-117'];

describe('ledger erase', () => {
  it('says what is gone, or the whole answer', async () => {
    const { call } = await runningCli({ keeping });
    const said = 'Nobody can read 3 documents of rohan any more; recorded as erasure/e1.\n';
    expect(await call(...CALL, '--as', 'zoya')).toEqual({ exit: 0, out: said, err: '' });
    const { out } = await call(...CALL, '--as', 'zoya', '--json');
    expect(JSON.parse(out)).toEqual({ subject: 'rohan', documents: 3, entry: 'erasure/e1' });
  });

  it('says who may, what is missing and what stands against it by exit codes', async () => {
    const { call } = await runningCli({ keeping });
    expect(await call(...CALL, '--as', 'ravi')).toMatchObject({ exit: 4 });
    expect(await call('ledger', 'erase', 'rohan', '--as', 'zoya')).toMatchObject({ exit: 2 });
    const held = await call('ledger', 'erase', 'meera', '--reason', 'a', '--as', 'zoya');
    expect(held).toMatchObject({ exit: 3, err: expect.stringContaining('kyc-onboarding') });
  });
});

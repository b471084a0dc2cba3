import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPeopleFile } from '../../src/adapters/people-file.js';
import { testPolicy } from '../../src/main/policy-test.js';
import { temporaryFolder } from '../ports/temporary-folder.js';

const directory = createPeopleFile('examples/people.yaml');
const run = (file: string) => testPolicy(file, { examples: 'examples', directory });

async function changed(change: (text: string) => string): Promise<string> {
  const file = join(await temporaryFolder(), 'standard.yaml');
  await writeFile(file, change(await readFile('operating-models/standard.yaml', 'utf8')));
  return file;
}

describe('policy test, offline', () => {
  it.each(['standard', 'demo'])(
    'finds the shipped %s sound, and the examples fit to run under it',
    async (name) => {
      const { lines } = await run(`operating-models/${name}.yaml`);
      expect(lines.filter(({ bad }) => bad)).toEqual([]);
      const said = lines.map(({ text }) => text).join('\n');
      expect(said).toMatch(new RegExp(`^${name} 1 is sound: \\d+ of 32768 bytes`));
      expect(said).toMatch(
        /kyc-onboarding: governed, high by H\d; .*readiness by product, engineering, governance, risk, operations in/,
      );
      expect(said).toMatch(/tax-payments: governed, medium by M1/);
      expect(said).toMatch(/meeting-notes: pilot/);
      expect(said).toMatch(/kyc-onboarding\/spec-v2.yaml: complete/);
    },
  );

  it('says where a mistake is', async () => {
    const { lines } = await run(await changed((text) => text.replace('sla: 3bd', 'sla: 3 days')));
    expect(lines.map(({ text }) => text).join('\n')).toMatch(
      /standard\.yaml:\d+:\d+ rules\.governed\.high\.gates\.scoping\.sla write working time/,
    );
  });

  it('says what is wrong with a spec, by the clause', async () => {
    const folder = await temporaryFolder();
    await cp('examples/tax-payments', join(folder, 'tax-payments'), { recursive: true });
    const file = join(folder, 'tax-payments', 'spec-v1.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replace('value: 0.001', 'value: low'));
    const { lines } = await testPolicy('operating-models/standard.yaml', { examples: folder, directory });
    expect(lines.filter(({ bad }) => bad).map(({ text }) => text)).toEqual([
      `  ${file}: checks[0].value c1: must be a number, not "low"`,
    ]);
  });

  it('says which example nobody could decide, and which answers are none any more', async () => {
    const seats = await run(
      await changed((text) =>
        text.replace('seats: [business, risk]', 'seats: [business, risk, risk, risk, risk]'),
      ),
    );
    expect(seats.lines.filter(({ bad }) => bad).map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/kyc-onboarding: nobody in team broker-onboarding could fill the seat risk-\d/),
      ]),
    );
    const facts = await run(
      await changed((text) =>
        text.replace('answers: [suggests, after-approval,', 'answers: [proposes, after-approval,'),
      ),
    );
    expect(facts.lines.some(({ bad, text }) => bad && /is not offered/.test(text))).toBe(true);
  });
});

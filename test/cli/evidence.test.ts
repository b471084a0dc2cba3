import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/contracts/problem.js';
import { registerRelease, startImplementation, TAX } from '../api/in-implementation.js';
import { promptfooFile } from '../contracts/evidence-import/promptfoo-file.js';
import { runningCli } from './running-cli.js';

const PLAIN = ['--format', 'metrics', '--kind', 'eval', '--release', 'r1', '--as', 'ci'] as const;

async function building() {
  const cli = await runningCli();
  await startImplementation(cli.api);
  await registerRelease(cli.api, 'a');
  return { ...cli, evidence: () => cli.api.lifecycles.entity(TAX).state.evidence };
}

describe('import-evidence', () => {
  it('sends the file as it is', async () => {
    const { api, call, file, evidence } = await building();
    const written = { collectedAt: new Date().toISOString(), n: 12_000, metrics: { tone: 0.96, fc: 0.0006 } };
    const name = await file('metrics.json', JSON.stringify(written));
    const called = await call('import-evidence', TAX, name, ...PLAIN, '--rename', 'fc=false-commitment');
    expect(called).toMatchObject({ exit: EXIT.done, err: '' });
    const [added] = evidence();
    expect(added?.verdicts.map(({ met }) => met)).toEqual([true, true]);
    expect(await api.documents.get(added?.digest ?? '')).toMatchObject({ content: written });
  });

  it('of a file too large to be kept sends what it says, and the digest of its bytes', async () => {
    const { api, call, file, evidence } = await building();
    const rows = Array.from({ length: 9_000 }, () => ({ metric: 'tone', score: 1, pass: true }));
    const written = JSON.stringify(promptfooFile(rows, new Date().toISOString()));
    expect(written.length).toBeGreaterThan(1_048_576);
    const name = await file('results.json', written);
    const before = api.documents.stored.size;
    const [, , ...rest] = PLAIN;
    const called = await call('import-evidence', TAX, name, '--format', 'promptfoo', ...rest);
    expect(called).toMatchObject({ exit: EXIT.done, err: '' });
    expect(evidence()[0]).toMatchObject({
      digest: `sha256:${createHash('sha256').update(written).digest('hex')}`,
      verdicts: [
        { clause: 'c1', met: false },
        { clause: 'c2', met: true, measured: { n: 9_000, value: 1 } },
      ],
    });
    expect(api.documents.stored.size).toBe(before);
  });

  it.each([
    ['that is not there', undefined, [], EXIT.usage, /cannot be read/],
    ['that is not JSON', '{"f1": NaN}', [], EXIT.usage, /is not JSON/],
    ['of another form', '{"f1": "good"}', [], EXIT.usage, /must be a number/],
    [
      'too large and of another form',
      JSON.stringify({ pad: 'x'.repeat(1_048_577) }),
      [],
      EXIT.usage,
      /json pad must be/,
    ],
    ['renamed by no equation', '{"f1": 1}', ['--rename', 'f1'], EXIT.usage, /theirs=ours/],
    [
      'about another release',
      '{"f1": 1}',
      ['--release', 'r9', '--collected-at', '2026-11-20T10:00:00Z'],
      EXIT.refused,
      /speaks about release r9/,
    ],
  ])('refuses a file %s', async (_what, text, more, exit, said) => {
    const { call, file, evidence } = await building();
    const name = text === undefined ? 'nowhere.json' : await file('metrics.json', text);
    const called = await call('import-evidence', TAX, name, ...PLAIN, ...more);
    expect(called.exit).toBe(exit);
    expect(called.err).toMatch(said);
    expect(evidence()).toEqual([]);
  });
});

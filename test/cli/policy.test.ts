import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GOVERNED } from '../api/running-api.js';
import { runningCli } from './running-cli.js';

const STANDARD = readFileSync('operating-models/standard.yaml', 'utf8');
const NEXT = `extends: standard.yaml
name: standard
version: 2
rules:
  governed:
    high:
      evidence:
        - {kind: bias-test, before: readiness}
`;

async function office() {
  const { api, call, file } = await runningCli();
  await file('standard.yaml', STANDARD);
  const next = await file('next.yaml', NEXT);
  await api.post('/v1/lifecycles', GOVERNED, { as: 'ravi' });
  return { call, file, next };
}

describe('policy, from a file to being published', () => {
  it('runs dry without proposing anything', async () => {
    const { call, next } = await office();
    const { exit, out } = await call('policy', 'dry-run', next, '--as', 'uma');
    expect(exit).toBe(0);
    expect(out).toMatch(/^standard 2 would change 1 of 1 open lifecycle\n/);
    expect(out).toMatch(
      /kyc-onboarding {2}Broker KYC onboarding, in scoping under version 1\n {2}- before readiness: .*bias-test/,
    );
    expect((await call('policy', 'show', 'standard', '2', '--as', 'uma')).exit).toBe(5);
  });

  it('proposes, decides and publishes', async () => {
    const { call, next } = await office();
    const proposed = await call('policy', 'propose', next, '--reason', 'Groups differ.', '--as', 'uma');
    expect(proposed.out).toMatch(
      /would change 1 of 1[\s\S]*standard 2 {2}deciding, proposed by uma, instead of version 1/,
    );
    expect(proposed.out).toMatch(/governance: open\n {4}risk: open\n {2}waits on .*indra/);
    const decide = (as: string, ...more: string[]) =>
      call('policy', 'decide', 'standard', '2', 'approve', ...more, '--as', as);
    expect((await decide('uma')).exit).toBe(4);
    expect((await decide('indra', '-m', 'Fine.')).out).toMatch(/governance: indra/);
    expect((await call('policy', 'retract', 'standard', '2', '--as', 'indra')).out).toMatch(
      /governance: open/,
    );
    await decide('indra');
    expect((await decide('yash')).out).toMatch(
      /approved, .*[\s\S]*approved {2}by indra, yash\n {2}publish {3}by 20/,
    );
    const published = await call('policy', 'publish', 'standard', '2', '--as', 'uma', '--json');
    expect(JSON.parse(published.out)).toMatchObject({ proposal: { status: 'published' } });
    expect((await call('policy', 'withdraw', 'standard', '2', '--reason', 'late', '--as', 'uma')).exit).toBe(
      6,
    );
  });

  it('says what is missing before it asks anybody', async () => {
    const { call, file, next } = await office();
    expect((await call('policy', 'propose', next, '--as', 'uma')).err).toMatch(/--reason TEXT/);
    expect((await call('policy', 'withdraw', 'standard', '2', '--as', 'uma')).err).toMatch(/--reason TEXT/);
    const alone = await file('alone.yaml', 'extends: gone.yaml\nname: standard\nversion: 2\n');
    expect((await call('policy', 'dry-run', alone, '--as', 'uma')).err).toMatch(/gone\.yaml cannot be read/);
    const nameless = await file('nameless.yaml', 'version: 2\n');
    expect((await call('policy', 'dry-run', nameless, '--as', 'uma')).err).toMatch(
      /neither name nor version/,
    );
  });
});

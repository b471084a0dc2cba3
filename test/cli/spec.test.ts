import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compileSpec } from '../../src/contracts/compile-spec.js';
import { EXIT } from '../../src/contracts/problem.js';
import type { Json } from '../../src/domain/json.js';
import { MemoryLedger } from '../api/memory-ledger.js';
import { MemoryReadModel } from '../api/memory-read-model.js';
import { GOVERNED } from '../api/running-api.js';
import { KYC_SPEC } from '../contracts/spec/kyc-spec.js';
import { event } from '../ports/ledger-entries.js';
import { MemoryDocuments } from '../support/memory-documents.js';
import { runningCli } from './running-cli.js';

/** A running lifecycle with the KYC spec as its first draft. */
async function drafted() {
  const ledger = new MemoryLedger();
  const documents = new MemoryDocuments();
  const cli = await runningCli({ ledger, readModel: new MemoryReadModel(ledger), documents });
  await cli.api.post('/v1/lifecycles', GOVERNED);
  await documents.put(KYC_SPEC);
  const spec = compileSpec(KYC_SPEC) as unknown as Json;
  const draft = { version: 1, spec, author: 'ravi', missing: [] };
  await ledger.append([{ ...event('kyc-onboarding', 1, { draft }), type: 'SpecDrafted' }]);
  return (...args: string[]) => cli.call('spec', ...args, '--as', 'ravi');
}

describe('spec overview', () => {
  it('says in words what a version compiles to', async () => {
    const call = await drafted();
    const { exit, out, err } = await call('overview', 'kyc-onboarding', '1');
    expect({ exit, err }).toEqual({ exit: EXIT.done, err: '' });
    expect(out).toMatch(/^governed high under standard \d+\n {2}spec {6}sha256:/);
    for (const line of [
      /^ {2}red-team +before readiness +by e2 +at most 90 d old +independent +proves n1$/m,
      /^ {2}readiness +signs spec, release, evidence +seats .*risk/m,
      /^Rollout: shadow, 1 × 14 d\n {2}c2 +false-accept-rate <= 0\.0005 +all cases +the whole step +20000 samples +2 in a row: roll-back$/m,
      /^ {2}c3 +review-rate <= 0\.15 +all cases +over 1 d +\d+ samples +1 in a row: warn$/m,
      /^ {2}y1 +may +extract$/m,
      /^ {2}n1 +must not +reject +block-and-incident$/m,
      /^ {2}p2 +to a person +flag document-unreadable +queue doubtful$/m,
      /^ {2}unknown +answers +block$/m,
      /^ {2}doubtful +meera +in 4bh +else manual$/m,
      /^Load\n {2}4,000 × 15 % × 6 min = 60 h a day, 64 h available$/m,
      /^ {2}c2 +AirworthyBreach +all cases +roll-back +after 3d$/m,
    ])
      expect(out).toMatch(line);
    expect(out).not.toContain('Not watched by alerts');
  });

  it('is the answer itself for programs, and not found for a version that there is not', async () => {
    const call = await drafted();
    const { out } = await call('overview', 'kyc-onboarding', '1', '--json');
    expect(JSON.parse(out)).toMatchObject({ mode: 'governed', tier: 'high' });
    expect((await call('overview', 'kyc-onboarding', '2')).exit).toBe(EXIT.notFound);
  });
});

describe('spec alerting-rules', () => {
  it('prints the file that Prometheus loads', async () => {
    const call = await drafted();
    const { exit, out, err } = await call('alerting-rules', 'kyc-onboarding', '1', '--release', 'r2');
    expect({ exit, err }).toEqual({ exit: EXIT.done, err: '' });
    expect(out).toMatch(/^# kyc-onboarding, spec version 1 /);
    const { groups } = parse(out);
    expect(groups[0].rules[0].labels).toMatchObject({ airworthy_release: 'r2', airworthy_clause: 'c2' });
    const { out: json } = await call('alerting-rules', 'kyc-onboarding', '1', '--release', 'r2', '--json');
    expect(JSON.parse(json)).toEqual({ groups });
  });

  it('says what is wrong with a release, and where there is no such version', async () => {
    const call = await drafted();
    const wrong = await call('alerting-rules', 'kyc-onboarding', '1', '--release', 'newest');
    expect(wrong.exit).toBe(EXIT.usage);
    expect(wrong.err).toMatch(/write the label of a release, such as r1/);
    expect((await call('alerting-rules', 'kyc-onboarding', '7')).exit).toBe(EXIT.notFound);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { type Beginning, createOrigin } from '../../src/activities/origin.js';
import { createPeopleFile } from '../../src/adapters/people-file.js';
import { signableStart } from '../../src/contracts/proof/start.js';
import { demoModel, startInput } from '../support/lifecycle.js';
import { Authority } from '../support/signing.js';

const AT = 1_796_025_600_000;
const authority = new Authority();
const { trust } = authority;
const identity = { id: 'i', digest: 'd' };
let proven: object;

beforeAll(async () => {
  const start = await startInput(createPeopleFile('examples/people.yaml'), {
    key: 'kyc',
    model: demoModel(),
  });
  const proof = authority.proof(signableStart(start, trust, identity), AT);
  proven = { start, trust, proof: { ...identity, proof } };
});

const first = (argument: unknown, more: Partial<Beginning> = {}): Beginning => ({
  ...{ from: null, at: AT, type: 'lifecycle', argument, ...more },
});
const next = (from: string, believed: unknown = trust): Beginning =>
  first({ carry: { trust: believed } }, { from });

/** Whether the last of these runs, of the workflow of `kyc`, is ours. */
function asks(runs: Readonly<Record<string, Beginning>>) {
  const asked: string[] = [];
  const isOurs = createOrigin(
    async (_id, run) => {
      asked.push(run);
      return runs[run];
    },
    async () => trust.roots,
  );
  const of = (runId: string, more: object = {}) =>
    isOurs({ workflowId: 'lifecycle/kyc', runId, lifecycle: 'kyc', ...more });
  return { of, asked };
}

describe('a run is ours', () => {
  it('where the API signed how it began, or how the first of its chain did', async () => {
    const { of } = asks({ r1: first(proven), r2: next('r1'), r3: next('r2') });
    expect([await of('r1'), await of('r3')]).toEqual([true, true]);
  });

  it('where Temporal has forgotten how the chain began, but not how it went on', async () => {
    expect(await asks({ r3: next('r2') }).of('r3')).toBe(true);
  });

  it('and each run is asked about once', async () => {
    const { of, asked } = asks({ r1: first(proven), r2: next('r1'), r3: next('r2') });
    await of('r2');
    await of('r3');
    await of('r3');
    expect(asked).toEqual(['r2', 'r1', 'r3']);
  });
});

describe('a run is not ours', () => {
  it.each<[string, () => Readonly<Record<string, Beginning>>]>([
    ['that nobody signed', () => ({ r1: first({ ...proven, proof: undefined }) })],
    ['that believes everybody', () => ({ r1: first({ ...proven, trust: 'dev' }) })],
    ['that believes somebody else', () => ({ r1: first({ ...proven, trust: new Authority().trust }) })],
    ['that began in the middle', () => ({ r1: first({ carry: { trust } }) })],
    ['of another type', () => ({ r1: first(proven, { type: 'other' }) })],
    ['that nobody knows', () => ({})],
    ['that goes on from such a one', () => ({ r0: first({ carry: { trust } }), r1: next('r0') })],
    ['that took over another trust', () => ({ r0: first(proven), r1: next('r0', 'dev') })],
    [
      'that took over one more root',
      () => ({ r0: first(proven), r1: next('r0', { roots: [...trust.roots, 'f'.repeat(64)], serial: 1 }) }),
    ],
    ['that cannot be read', () => ({ r1: first(undefined) })],
  ])('%s', async (_what, runs) => {
    expect(await asks(runs()).of('r1')).toBe(false);
  });

  it('under the id of another workflow than its lifecycle’s', async () => {
    const { of } = asks({ r1: first(proven) });
    expect(await of('r1', { workflowId: 'lifecycle/other' })).toBe(false);
    expect(await of('r1', { lifecycle: 'other' })).toBe(false);
  });
});

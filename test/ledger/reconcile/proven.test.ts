import { describe, expect, it } from 'vitest';
import { createPeopleFile } from '../../../src/adapters/people-file.js';
import { API_IDENTITY } from '../../../src/contracts/identities.js';
import { signableStart } from '../../../src/contracts/proof/start.js';
import type { Act } from '../../../src/ledger/reconcile/acts.js';
import { findingsIn, type Setting } from '../../../src/ledger/reconcile/compare.js';
import { nameRoots, publicHex } from '../../../src/signing/certify.js';
import { demoModel, digest, envelope, startInput } from '../../support/lifecycle.js';
import { Authority, newKey } from '../../support/signing.js';

const AT = 1_796_025_600_000;
const authority = new Authority();
const setting: Setting = {
  lifecycle: 'kyc',
  runId: 'r1',
  retired: false,
  superseded: false,
  roots: authority.trust.roots,
};
const done = { eventId: 7, at: AT, identity: 'whoever', principal: null };
const actor = { person: 'tara', functions: [], roles: [], teams: ['tax-filing'], verified: false };
const bare = envelope<'stop-ship'>(actor, { scope: 'candidate', reason: digest('why') });
const proven = authority.proven('kyc', 'stop-ship', bare, AT);
const found = (act: Act, more: Partial<Setting> = {}) =>
  findingsIn([act], { ...setting, ...more }).map(({ kind, detail }) => `${kind}: ${detail}`);
const message = (argument: unknown, more: object = {}): Act => ({
  ...{ act: 'message', how: 'signal', name: 'stop-ship', argument, ...done, ...more },
});
const UNPROVEN = ['unsigned-message: signal stop-ship: nothing proves that the API sent it'];

describe('with root keys', () => {
  it('a message is ours by its proof, whoever it says sent it', () => {
    expect(found(message(proven))).toEqual([]);
    expect(found(message(proven, { how: 'update' }))).toEqual([]);
    expect(found(message(bare, { identity: API_IDENTITY }))).toEqual(UNPROVEN);
  });

  it.each<[string, unknown, object]>([
    ['of another lifecycle', authority.proven('other', 'stop-ship', bare, AT), {}],
    ['by another root', new Authority().proven('kyc', 'stop-ship', bare, AT), {}],
    ['that was over when it came', proven, { at: AT + 300_000 }],
    ['of another payload', { ...proven, payload: { ...proven.payload, scope: 'serving' } }, {}],
  ])('a proof %s is none', (_what, argument, more) => {
    expect(found(message(argument, more))).toEqual(UNPROVEN);
  });

  it('is judged by when the message came, not by when it is looked at', () => {
    // Years later, when the certificate has long been over.
    expect(found(message(proven, { at: AT + 1 }))).toEqual([]);
  });

  it('names of other root keys are ours where a root signed them', () => {
    const roots = (argument: unknown) => message(argument, { name: 'update-roots' });
    expect(found(roots(nameRoots(authority.root, [publicHex(newKey())], 2)))).toEqual([]);
    for (const forged of [nameRoots(newKey(), [publicHex(newKey())], 2), null, { serial: 2 }])
      expect(found(roots(forged))).toHaveLength(1);
  });

  it('a start is ours where it is proven for its documents and its trust', async () => {
    const start = await startInput(createPeopleFile('examples/people.yaml'), {
      key: 'kyc',
      model: demoModel(),
    });
    const identity = { id: 'i', digest: 'd' };
    const { trust } = authority;
    const proof = { ...identity, proof: authority.proof(signableStart(start, trust, identity), AT) };
    const started = (argument: unknown): Act => ({ act: 'started', type: 'lifecycle', argument, ...done });
    expect(found(started({ start, trust, proof }))).toEqual([]);
    for (const argument of [
      { start, trust },
      { start, trust: 'dev', proof },
      { start, trust: new Authority().trust, proof },
      { start, trust: { ...trust, serial: 1 }, proof },
      { start: { ...start, recordedAs: digest('other') }, trust, proof },
      { start, trust, proof: { ...proof, id: 'j' } },
      { start, trust, proof: 'yes' },
      { carry: { trust } },
      null,
    ])
      expect(found(started(argument))).toEqual(['unknown-start: started past the API']);
    const [dev] = findingsIn([started({ start, trust: 'dev' })], { ...setting, lifecycle: 'kyc' });
    expect(dev?.kind).toBe('unknown-start');
  });
});

describe('without root keys, under trust dev', () => {
  it('who says that they sent it has to do', () => {
    const { roots: _none, ...dev } = setting;
    const of = (identity: string) => findingsIn([message(bare, { identity })], dev);
    expect(of(API_IDENTITY)).toEqual([]);
    expect(of('whoever').map(({ detail }) => detail)).toEqual(['signal stop-ship: not sent by the API']);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEnvelope } from '../../../src/contracts/envelope.js';
import { isSignedBy, keyIdOf, signedBytes } from '../../../src/contracts/proof/dsse.js';
import {
  doubtOf,
  LONGEST_TERM_MS,
  type Proof,
  rememberingCheck,
} from '../../../src/contracts/proof/proof.js';
import { isTrust, succeeds } from '../../../src/contracts/proof/roots.js';
import { type Signable, statementOf } from '../../../src/contracts/proof/statement.js';
import { keyId } from '../../../src/ledger/verify/checkpoint.js';
import { nameRoots, publicHex } from '../../../src/signing/certify.js';
import { Authority, newKey } from '../../support/signing.js';

const NOW = 1_796_025_600_000;
const digest = `sha256:${'1'.repeat(64)}`;
const actor = {
  person: 'leena',
  functions: ['product'] as const,
  roles: ['approver'],
  teams: ['tax-filing'],
  verified: false,
};
const decide = {
  id: 'id-1',
  digest: 'body-1',
  actor,
  payload: { gate: 'readiness', generation: 2, subject: digest, decision: 'approve' },
} as const;
const said: Signable = { lifecycle: 'kyc', command: 'decide', ...decide };

const authority = new Authority();
const roots = authority.trust.roots;
const good = authority.proof(said, NOW);
const doubt = (signable: Signable, proof: Proof | undefined, now = NOW, believed = roots) =>
  doubtOf(signable, proof, believed, now);

describe('a proof', () => {
  it('proves the command that it was made for, until it expires', () => {
    expect(doubt(said, good)).toBeUndefined();
    expect(doubt(said, good, good.expires - 1)).toBeUndefined();
  });

  it.each<[string, Signable]>([
    ['another lifecycle', { ...said, lifecycle: 'meeting-notes' }],
    ['another command', { ...said, command: 'retract-decision' }],
    ['another command id', { ...said, id: 'id-2' }],
    ['another body', { ...said, digest: 'body-2' }],
    ['a changed payload', { ...said, payload: { ...decide.payload, decision: 'reject' } }],
    ['another subject', { ...said, payload: { ...decide.payload, subject: `sha256:${'2'.repeat(64)}` } }],
    ['another generation', { ...said, payload: { ...decide.payload, generation: 3 } }],
    ['another person', { ...said, actor: { ...actor, person: 'gita' } }],
    ['more functions', { ...said, actor: { ...actor, functions: ['product', 'risk'] } }],
    ['more roles', { ...said, actor: { ...actor, roles: ['approver', 'auditor'] } }],
    ['a version that it did not say', { ...said, expect: 7 }],
    [
      'a sign-in that it did not say',
      { ...said, actor: { ...actor, authenticated: { at: NOW, acr: 'strong' } } },
    ],
  ])('is none of %s', (_what, other) => {
    expect(doubt(other, good)).toBe('another-statement');
  });

  it.each<[string, Partial<Proof>]>([
    ['its expiry', { expires: good.expires + 1 }],
    ['its issue', { issued: good.issued - 1 }],
    ['its policy', { policy: digest }],
  ])('is none once %s is changed', (_what, change) => {
    expect(doubt(said, { ...good, ...change })).toBe('another-statement');
  });

  it('is asked for, in its time', () => {
    expect(doubt(said, undefined)).toBe('unsigned');
    expect(doubt(said, good, good.expires)).toBe('expired');
    expect(doubt(said, authority.proof(said, NOW + 31_000), NOW)).toBe('not-yet-valid');
    expect(doubt(said, authority.proof(said, NOW + 29_000), NOW)).toBeUndefined();
    const long = authority.proof(said, NOW, { expires: NOW + LONGEST_TERM_MS + 1 });
    expect(doubt(said, long)).toBe('expired');
  });

  it('takes a key that a root certified which is believed, for that time', () => {
    const stranger = new Authority();
    const [key, other] = [newKey(), newKey()];
    expect(doubt(said, stranger.proof(said, NOW))).toBe('unknown-root');
    // By its own root, under the id of the one that is believed.
    const dressed = { ...stranger.certificate(NOW, key), root: keyIdOf(roots[0] ?? '') };
    expect(doubt(said, authority.proof(said, NOW, { key, certificate: dressed }))).toBe('uncertified-key');
    // A certificate of another key than signed it.
    const certificate = authority.certificate(NOW, other);
    expect(doubt(said, authority.proof(said, NOW, { key, certificate }))).toBe('another-statement');
    const longer = { ...good.certificate, notAfter: good.certificate.notAfter + 1 };
    expect(doubt(said, { ...good, certificate: longer })).toBe('uncertified-key');
    const early = authority.certificate(NOW - 100 * 3_600_000);
    expect(doubt(said, authority.proof(said, NOW, { certificate: early }))).toBe('outside-certificate');
    const late = authority.certificate(NOW + 2 * 3_600_000);
    expect(doubt(said, authority.proof(said, NOW, { certificate: late }))).toBe('outside-certificate');
  });

  it('is not dated back under a certificate that is over', () => {
    const certificate = authority.certificate(NOW - 24 * 3_600_000);
    const back = { issued: NOW - 1_000, expires: NOW + 300_000, certificate };
    expect(doubt(said, authority.proof(said, NOW, back))).toBe('outside-certificate');
  });

  it('is believed under either root while they overlap, and under the old one no more afterwards', () => {
    const next = new Authority();
    const both = [...roots, ...next.trust.roots];
    expect(doubt(said, good, NOW, both)).toBeUndefined();
    expect(doubt(said, next.proof(said, NOW), NOW, both)).toBeUndefined();
    expect(doubt(said, good, NOW, next.trust.roots)).toBe('unknown-root');
  });

  it('does not prove a statement by a signature of another kind', () => {
    const { signature, certificate } = good;
    const body = 'the same bytes';
    expect(isSignedBy(certificate.key, signature, 'certificate', body)).toBe(false);
    expect(Buffer.from(signedBytes('statement', body)).toString()).toBe(
      'DSSEv1 28 application/vnd.in-toto+json 14 the same bytes',
    );
  });

  it('does not survive the change of any one value of what is sent', () => {
    const sent = { lifecycle: 'kyc', command: 'decide', ...decide, actor: { ...actor } };
    const paths = leaves(sent).filter((path) => path.at(-1) !== 'verified');
    expect(paths.length).toBeGreaterThan(10);
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        fc.oneof(fc.string(), fc.integer(), fc.boolean()),
        (path, value) => {
          const changed = withLeaf(structuredClone(sent), path, value);
          fc.pre(changed !== undefined);
          expect(doubt(changed as unknown as Signable, good)).toBe('another-statement');
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('a check that remembers', () => {
  it('asks once for the same question, and again for any other', () => {
    const asked: string[] = [];
    const check = rememberingCheck(3, (...question) => {
      asked.push(question.join());
      return isSignedBy(...question);
    });
    for (let again = 0; again < 4; again++) expect(doubtOf(said, good, roots, NOW, check)).toBeUndefined();
    // The certificate and the statement.
    expect(asked).toHaveLength(2);
    for (let id = 0; id < 5; id++) doubtOf({ ...said, id: `other-${id}` }, good, roots, NOW, check);
    expect(asked).toHaveLength(7);
    expect(new Set(asked).size).toBe(7);
  });
});

describe('a key', () => {
  it('has the id that the ledger gives it', () => {
    const { root } = authority;
    expect(keyIdOf(publicHex(root))).toBe(keyId(Buffer.from(publicHex(root), 'hex')));
  });
});

describe('a set of root keys', () => {
  const current = { roots, serial: 3 };
  const next = publicHex(newKey());

  it('is taken over where a root that is believed signed it, and it is newer', () => {
    expect(succeeds(nameRoots(authority.root, [...roots, next], 4), current)).toBe(true);
    expect(succeeds(nameRoots(authority.root, [next], 3), current)).toBe(false);
    expect(succeeds(nameRoots(newKey(), [next], 4), current)).toBe(false);
    expect(succeeds(nameRoots(authority.key, [next], 4), current)).toBe(false);
    const set = nameRoots(authority.root, [next], 4);
    expect(succeeds({ ...set, serial: 5 }, current)).toBe(false);
    expect(succeeds({ ...set, roots: [publicHex(newKey())] }, current)).toBe(false);
  });

  it('is a trust with at least one key; nothing else is but dev', () => {
    expect(isTrust('dev')).toBe(true);
    expect(isTrust(current)).toBe(true);
    for (const none of ['signed', null, {}, { roots: [], serial: 0 }, { roots: ['k'], serial: 0 }, { roots }])
      expect(isTrust(none)).toBe(false);
  });
});

describe('an envelope', () => {
  it('carries its proof in one form, and no other', () => {
    const sent = JSON.parse(JSON.stringify({ ...decide, proof: good }));
    expect(parseEnvelope('decide', sent)).toMatchObject({ ok: true, envelope: { proof: good } });
    for (const change of [
      { signature: 'x' },
      { policy: 'x' },
      { issued: -1 },
      { more: 1 },
      { certificate: null },
    ])
      expect(parseEnvelope('decide', { ...sent, proof: { ...good, ...change } }).ok).toBe(false);
  });
});

describe('the statement', () => {
  it('is about what the answer cites, and says who under which rules', () => {
    const { subject, predicate } = statementOf(said, { issued: NOW, expires: NOW + 1, policy: digest });
    expect(subject).toEqual([{ name: 'kyc/readiness/2', digest: { sha256: '1'.repeat(64) } }]);
    expect(predicate).toMatchObject({
      policy: digest,
      answer: decide.payload,
      issued: new Date(NOW).toISOString(),
    });
  });
});

type Path = readonly string[];

function leaves(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...path, name]));
}

/** The value with another leaf; undefined where it is the same one. */
function withLeaf(value: object, path: Path, leaf: unknown): object | undefined {
  let at = value as Record<string, unknown>;
  for (const name of path.slice(0, -1)) at = at[name] as Record<string, unknown>;
  const last = path.at(-1) ?? '';
  if (at[last] === leaf) return undefined;
  at[last] = leaf;
  return value;
}

import { canonicalForm, digestOf } from '../../../src/domain/digest.js';
import type { CheckName } from '../../../src/ledger/verify/checks.js';
import type { VerifierOptions } from '../../../src/ledger/verify/verifier.js';
import { bytesOf, ended, entry, event, refusal, SampleLedger, seededKey, signed } from './sample-ledger.js';

export const OURS = seededKey(1);
const THEIRS = seededKey(2);

/** Two lifecycles and the service, sealed twice; each chain goes on behind the last checkpoint. */
export function sample(change: (ledger: SampleLedger) => void = () => undefined): SampleLedger {
  const ledger = new SampleLedger();
  ledger.keys.push({ publicKey: OURS.raw, from: 0, until: null });
  ledger.append(
    'lifecycle/kyc',
    event('kyc', 1),
    event('kyc', 2),
    refusal('refusal/a', 'kyc'),
    event('kyc', 3),
  );
  ledger.append('service', refusal('refusal/b', null)).seal([OURS]);
  ledger.append('lifecycle/tax', event('tax', 1), event('tax', 2));
  ledger.append('lifecycle/kyc', event('kyc', 4)).seal([OURS]);
  ledger.append('lifecycle/kyc', event('kyc', 5), event('kyc', 6));
  ledger.store({ purpose: 'screening' }).store({ start: digestOf({ purpose: 'screening' }) });
  change(ledger);
  return ledger;
}

export interface Corruption {
  readonly bytes: Buffer;
  readonly options?: VerifierOptions;
}

type Lines = readonly string[];

async function tampered(
  change: (lines: Lines) => Lines,
  ledger = sample(),
  lifecycle?: string,
): Promise<Corruption> {
  return { bytes: bytesOf(ended(change(await ledger.lines(lifecycle)))) };
}

/** A ledger whose hashes are right though its content is not: what somebody makes who can write anything. */
const rewritten = (change: (ledger: SampleLedger) => void): Promise<Corruption> =>
  tampered((lines) => lines, sample(change));

const replaced =
  (what: string | RegExp, by: string) =>
  (lines: Lines): Lines => {
    const at = lines.findIndex((line) => line.search(what) >= 0);
    if (at < 0) throw new Error(`no line has ${what}`);
    return lines.map((line, i) => (i === at ? line.replace(what, by) : line));
  };

const inserted = (line: string, before: string) => (lines: Lines) => {
  const at = lines.findIndex((each) => each.includes(before));
  return [...lines.slice(0, at), line, ...lines.slice(at)];
};

const resealed = (change: (ledger: SampleLedger) => void) => (ledger: SampleLedger) => {
  ledger.checkpoints.length = ledger.leaves.length = 0;
  change(ledger);
};

/** By check, what only this check finds. */
export const CORRUPTIONS: { readonly [C in CheckName]: () => Promise<Corruption> } = {
  header: () => tampered(replaced('airworthy-bundle/1', 'airworthy-bundle/9')),
  'line-length': () =>
    tampered(inserted(`{"type":"key"${' '.repeat(8 << 20)},${keyMembers()}}`, '"type":"key"')),
  'line-form': () => tampered(inserted('{"type":"note"}', '"type":"end"')),
  'duplicate-keys': () =>
    rewritten((ledger) => ledger.append('lifecycle/tax', event('tax', 3).replace('"by"', '"by":"p-9","by"'))),
  canonical: async () => ({
    ...(await rewritten((ledger) => ledger.append('lifecycle/tax', event('tax', 3).replace(':', ': ')))),
    options: { strict: true },
  }),
  order: () => tampered((lines) => [...lines.slice(0, -1), `{"type":"key",${keyMembers()}}`]),
  end: async () => ({ bytes: bytesOf((await sample().lines()).slice(0, -1)) }),
  'line-count': async () => ({
    bytes: bytesOf((await sample().lines()).filter((line) => !line.includes('"purpose"'))),
  }),
  link: () => tampered(replaced(/(?<="by":)"p-1"/, '"p-2"')),
  'head-entries': () => tampered((lines) => lines.filter((line) => !line.includes('lifecycle/kyc/6'))),
  'head-hash': async () => {
    const other = await sample((ledger) => {
      ledger.chains.get('lifecycle/kyc')?.pop();
      ledger.append('lifecycle/kyc', event('kyc', 6, { gate: 'another' }));
    }).lines();
    const line = other.find((each) => each.includes('another')) ?? '';
    return tampered((lines) => lines.map((each) => (each.includes('lifecycle/kyc/6') ? line : each)));
  },
  'chain-order': () =>
    rewritten((ledger) => {
      ledger.append('lifecycle/new', event('new', 1));
      const names = ledger.names();
      ledger.names = () => [...names.filter((name) => !name.endsWith('new')), 'lifecycle/new'];
    }),
  'chain-fork': async () => {
    const fork = new SampleLedger().append('service', refusal('refusal/other', null));
    const again = (await fork.lines()).slice(1, -1);
    return tampered((lines) =>
      lines.flatMap((line) => (line.includes('"purpose"') ? [...again, line] : [line])),
    );
  },
  'entry-chain': () => rewritten((ledger) => ledger.append('service', refusal('refusal/c', 'kyc'))),
  'entry-id': () =>
    rewritten((ledger) =>
      ledger.append(
        'lifecycle/tax',
        entry({ id: 'lifecycle/tax/4', lifecycle: 'tax', kind: 'event', seq: 3 }),
      ),
    ),
  sequence: () => rewritten((ledger) => ledger.append('lifecycle/tax', event('tax', 4))),
  'unique-id': () => rewritten((ledger) => ledger.append('service', refusal('refusal/a', null))),
  sealed: () =>
    rewritten((ledger) => {
      ledger.chains.delete('lifecycle/tax');
      ledger.append('lifecycle/tax', event('tax', 1), event('tax', 2, { gate: 'another' }));
    }),
  'sealed-ahead': () =>
    rewritten((ledger) => {
      ledger.chains.delete('lifecycle/tax');
      ledger.append('lifecycle/tax', event('tax', 1));
    }),
  'leaf-order': () =>
    tampered(
      inserted(canonicalForm({ type: 'leaf', from: 9, position: 5, hash: '00'.repeat(32) }), '"type":"leaf"'),
    ),
  root: () => rewritten(resealed((ledger) => ledger.seal([OURS], { root: '00'.repeat(32) }))),
  totals: () => rewritten(resealed((ledger) => ledger.seal([OURS], { entries: 7 }))),
  proof: () => tampered(replaced(/(?<="path":\[")../, '00'), sample(), 'kyc'),
  'proof-latest': () =>
    tampered((lines) => lines.filter((line) => !/"checkpoint":2,.*"proof"/.test(line)), sample(), 'kyc'),
  'checkpoint-number': () => rewritten((ledger) => ledger.seal([OURS], { number: 4 })),
  'checkpoint-fork': () =>
    tampered(
      inserted(canonicalForm({ type: 'checkpoint', ...otherSecond() }), '"chain":"lifecycle/kyc","entries"'),
    ),
  previous: () => rewritten((ledger) => ledger.seal([OURS], { previous: '11'.repeat(32) })),
  'known-key': () => rewritten((ledger) => ledger.seal([THEIRS])),
  signature: () => tampered(replaced(/(?<="signature":")..../, 'AAAA')),
  'key-window': () => tampered(replaced('"until":null', '"until":1790000000001')),
  'key-id': () =>
    tampered(
      inserted(`{"type":"key",${keyMembers().replace(THEIRS.id, '0123456789abcdef')}}`, '"type":"key"'),
    ),
  witnessed: async () => ({ ...(await rewritten(() => undefined)), options: { witnessed: [otherSecond()] } }),
  'document-digest': () => tampered(replaced('screening', 'sc0ring')),
};

function keyMembers(): string {
  const publicKey = THEIRS.raw.toString('base64');
  return `"algorithm":"Ed25519","from":0,"id":"${THEIRS.id}","publicKey":"${publicKey}","until":null`;
}

function otherSecond() {
  const [first, second] = sample().checkpoints;
  if (first === undefined || second === undefined) throw new Error('the sample is sealed twice');
  return signed({ ...second.checkpoint, at: 1 }, [OURS]);
}

import { expect, it } from 'vitest';
import { createProver } from '../../src/api/prove.js';
import { type ItemEnvelope, parseItemEnvelope } from '../../src/contracts/item-envelope.js';
import type { PinnedRoots } from '../../src/contracts/proof/roots.js';
import type { ItemCommandName, ItemPayloads } from '../../src/domain/operations/item-commands.js';
import { ItemEntity } from '../../src/workflows/item-entity.js';
import { ACTION, OPENED, TERMS } from '../domain/operations/item-story.js';
import { actor } from '../support/decider/people.js';
import { text } from '../support/decider/story.js';
import { Authority } from '../support/signing.js';

const api = new Authority();
const forger = new Authority();
const NOW = OPENED;

const never = { view: async (): Promise<never> => Promise.reject(new Error('no item asks for rules')) };

function message<N extends ItemCommandName>(person: string, payload: ItemPayloads[N]): ItemEnvelope<N> {
  return { id: `c-${person}`, digest: 'd', actor: actor(person), payload };
}
const opening = (item = 'i-1') => {
  const subject = { action: ACTION, clause: null, case: 'case-1' };
  return message<'open-item'>('ci', { item, ...subject, terms: TERMS });
};
const approval = (item = 'i-1', person = 'meera') =>
  message<'decide-item'>(person, { item, action: ACTION, decision: 'approve', reason: text('why') });

function proven<N extends ItemCommandName>(name: N, envelope: ItemEnvelope<N>, by = api): ItemEnvelope<N> {
  return { ...envelope, proof: by.proof({ lifecycle: TERMS.lifecycle, command: name, ...envelope }, NOW) };
}

const opened = (item = 'i-1', trust: PinnedRoots = api.trust) =>
  new ItemEntity(proven('open-item', opening(item)), trust, NOW);

const code = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return (error as { type?: string }).type ?? String(error);
  }
  return 'accepted';
};

it('is opened by nobody but the API', () => {
  expect(code(() => opened())).toBe('accepted');
  expect(code(() => new ItemEntity(opening(), api.trust, NOW))).toBe('unverified');
  expect(code(() => new ItemEntity(proven('open-item', opening(), forger), api.trust, NOW))).toBe(
    'unverified',
  );
  const { proof: borrowed } = proven('open-item', opening('i-2'));
  expect(
    code(() => new ItemEntity({ ...opening(), ...(borrowed && { proof: borrowed }) }, api.trust, NOW)),
  ).toBe('unverified');
  const milder = { ...proven('open-item', opening()) };
  const payload = { ...milder.payload, terms: { ...TERMS, owner: 'ci', settles: TERMS.settles * 2 } };
  expect(code(() => new ItemEntity({ ...milder, payload }, api.trust, NOW))).toBe('unverified');
});

it('is decided by nobody whom the API did not find', () => {
  const entity = opened();
  expect(code(() => entity.command('decide-item', approval(), NOW))).toBe('unverified');
  expect(code(() => entity.command('decide-item', proven('decide-item', approval(), forger), NOW))).toBe(
    'unverified',
  );
  const taken = { ...proven('decide-item', approval()), actor: actor('deepak') };
  expect(code(() => entity.command('decide-item', taken, NOW))).toBe('unverified');
  expect(code(() => entity.command('decide-item', proven('decide-item', approval()), NOW + 600_000))).toBe(
    'unverified',
  );
  expect(code(() => entity.command('decide-item', proven('decide-item', approval()), NOW))).toBe('accepted');
  expect(entity.state.status).toBe('approved');
});

it('takes no proof that is of another item, and no decision for a use', () => {
  const entity = opened('i-2');
  expect(code(() => entity.command('decide-item', proven('decide-item', approval('i-1')), NOW))).toBe(
    'not-found',
  );
  const { proof } = proven('decide-item', approval('i-2'));
  const use = { ...message<'use-item'>('meera', { item: 'i-2', action: ACTION }), ...(proof && { proof }) };
  expect(code(() => entity.command('use-item', use, NOW))).toBe('unverified');
});

it('keeps the proof of each command with what it caused', () => {
  const entity = opened();
  entity.command('decide-item', proven('decide-item', approval()), NOW);
  const proofs = entity.waiting.map(({ type, data }) => [type, (data as { proof?: object }).proof]);
  expect(proofs).toMatchObject([
    ['ItemOpened', { statement: { predicate: { command: 'open-item' } } }],
    ['ItemApproved', { statement: { predicate: { command: 'decide-item', actor: { person: 'meera' } } } }],
  ]);
});

it('what the API proves of an item is what the item believes', async () => {
  const prover = createProver(api.signer(), never);
  const written = await prover.proveItem(TERMS.lifecycle, 'open-item', opening());
  const read = parseItemEnvelope('open-item', JSON.parse(JSON.stringify(written)));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  expect(new ItemEntity(read.envelope, (await prover.trust()) as PinnedRoots, Date.now()).state.id).toBe(
    'i-1',
  );
});

it('keeps for the ledger what happened while it took what was before', () => {
  const entity = opened();
  const taken = entity.waiting;
  entity.command('decide-item', proven('decide-item', approval()), NOW);
  expect(taken.map(({ type }) => type)).toEqual(['ItemOpened']);
  entity.acknowledge(taken.length);
  expect(entity.waiting.map(({ type }) => type)).toEqual(['ItemApproved']);
});

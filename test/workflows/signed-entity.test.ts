import { beforeEach, describe, expect, it } from 'vitest';
import { createPeopleFile } from '../../src/adapters/people-file.js';
import type { CommandName, Payloads } from '../../src/domain/commands/payloads.js';
import type { Actor } from '../../src/domain/lifecycle/actor.js';
import { nameRoots, publicHex } from '../../src/signing/certify.js';
import { Entity, type Judgement } from '../../src/workflows/entity.js';
import {
  actorOf,
  compiledSpec,
  digest,
  envelope,
  MEDIUM,
  standardModel,
  startInput,
} from '../support/lifecycle.js';
import { Authority, newKey } from '../support/signing.js';

const NOW = Date.parse('2026-11-24T09:00:00Z');
const people = createPeopleFile('examples/people.yaml');
const authority = new Authority();
const reason = digest('because');
const model = standardModel();
const KEY = 'kyc';
let entity: Entity;
let now: number;
let actors: Readonly<Record<string, Actor>>;

beforeEach(async () => {
  now = NOW;
  const names = ['hari', 'leena', 'gita', 'tara', 'omkar', 'bela'];
  actors = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await actorOf(people, name)] as const)),
  );
  const start = await startInput(people, { key: KEY, model, facts: MEDIUM });
  entity = new Entity({ start, trust: authority.trust, link: '' }, now);
});

const actor = (name: string): Actor => actors[name] ?? expect.fail(`who is ${name}?`);
const policy = model.digest;

/** A command with a proof, unless it is to have none. */
function message<N extends CommandName>(name: N, person: string, payload: Payloads[N], id?: string) {
  const bare = envelope<N>(actor(person), payload, id);
  return { bare, proven: authority.proven(KEY, name, bare, now, { policy }) };
}

const refusedAs = (judged: Judgement) => ('refused' in judged ? judged.refused : 'accepted');
const typesSince = (from: number) =>
  entity.outbox.entries.filter(({ seq }) => seq > from).map(({ event: { type } }) => type);

const draft = { spec: compiledSpec('better'), missing: [] };
const stop = { scope: 'candidate', reason } as const;

describe('under trust signed', () => {
  it('a proven command is done, and the ledger keeps what proves it', () => {
    const { proven } = message('draft-spec', 'hari', draft);
    expect(refusedAs(entity.command('draft-spec', proven, now))).toBe('accepted');
    const recorded = entity.outbox.entries.at(-1);
    expect(recorded).toMatchObject({
      by: 'hari',
      command: 'draft-spec',
      proof: { statement: { predicate: { lifecycle: KEY, command: 'draft-spec', policy } } },
    });
    const [entry] = entity.outbox.batch().slice(-1);
    expect(entry?.data).toMatchObject({ proof: { signature: proven.proof?.signature } });
  });

  it('one without proof is refused, whatever it says of itself', () => {
    const { bare } = message('draft-spec', 'hari', draft);
    const claiming = { ...bare, actor: { ...bare.actor, verified: true } };
    expect(refusedAs(entity.judge('draft-spec', claiming, now) as Judgement)).toBe('unverified');
    expect(refusedAs(entity.command('roll-back', message('roll-back', 'tara', { reason }).bare, now))).toBe(
      'unverified',
    );
  });

  it('a repeated one is answered and not done again; later it is not believed any more', () => {
    const { proven } = message('draft-spec', 'hari', draft);
    entity.command('draft-spec', proven, now);
    const { seq } = entity.state;
    expect(entity.command('draft-spec', proven, now + 1_000)).toMatchObject({ replayed: true });
    expect(refusedAs(entity.command('draft-spec', proven, now + 300_000))).toBe('unverified');
    expect(entity.state.seq).toBe(seq);
  });

  it('what may have been forgotten is not done a second time', () => {
    const { proven } = message('comment', 'hari', { gate: 'none', comment: reason });
    const carried = entity.carry(entity.state.engine).carry;
    const full = Array.from({ length: 500 }, (_, n) => [`id-${n}`, 'd', 1, 1, now + 60_000] as const);
    const later = new Entity({ carry: { ...carried, memory: full } }, now);
    const judged = later.command('comment', proven, now + 61_000);
    expect(judged).toMatchObject({
      refused: 'unverified',
      reasons: [{ message: expect.stringMatching(/older/) }],
    });
  });

  it('a command that was authorized under other rules is to be looked at again', () => {
    const bare = envelope<'draft-spec'>(actor('hari'), draft);
    for (const other of [null, digest('other rules')]) {
      const proven = authority.proven(KEY, 'draft-spec', bare, now, { policy: other });
      expect(refusedAs(entity.command('draft-spec', proven, now))).toBe('stale-policy');
    }
    // What stops things needs no rules, and is not lost where they changed while it waited for a worker.
    for (const other of [null, digest('other rules')]) {
      const held = envelope<'stop-ship'>(actor('tara'), stop);
      const proven = authority.proven(KEY, 'stop-ship', held, now, { policy: other });
      expect(refusedAs(entity.command('stop-ship', proven, now))).toBe('accepted');
    }
  });

  it.each<[string, CommandName, object]>([
    ['stop-ship', 'stop-ship', stop],
    ['hold', 'hold', { effect: 'forward', scope: 'candidate', reason }],
  ])('an unproven %s does hold, marked unverified, and lifting it takes a proof', (_what, name, payload) => {
    const unproven = { ...envelope<'stop-ship'>(actor('tara'), stop), payload } as never;
    expect(refusedAs(entity.command(name, unproven, now))).toBe('accepted');
    expect(entity.state.holds).toMatchObject([{ id: 'h1', verified: false }]);
    const lift = message('lift-hold', 'omkar', { hold: 'h1' });
    expect(refusedAs(entity.command('lift-hold', lift.bare, now))).toBe('unverified');
    expect(entity.state.holds).toHaveLength(1);
    const proven = entity.command('lift-hold', lift.proven, now);
    expect(refusedAs(proven)).not.toBe('unverified');
  });

  it('an unproven stop that stands is not recorded again and again', () => {
    const pull = () => entity.command('stop-ship', envelope<'stop-ship'>(actor('tara'), stop), now);
    pull();
    const { seq } = entity.state;
    for (let again = 0; again < 10; again++) expect(refusedAs(pull())).toBe('unchanged');
    expect(entity.state.seq).toBe(seq);
    // Whoever proves themselves is on record each time.
    const { proven } = message('stop-ship', 'tara', stop);
    expect(refusedAs(entity.command('stop-ship', proven, now))).toBe('accepted');
    expect(typesSince(seq)).toEqual(['StopShipped']);
  });

  it('unproven holds do not pile up, in whosever name they come', () => {
    const held = { effect: 'forward', scope: 'candidate', reason } as const;
    const pull = (person: string, effect: 'forward' | 'stopped' = 'forward') => {
      const forged = { ...actor('tara'), person, functions: ['operations'] as const };
      return refusedAs(entity.command('hold', envelope<'hold'>(forged, { ...held, effect }), now));
    };
    expect(pull('p0')).toBe('accepted');
    for (let n = 1; n < 10; n++) expect(pull(`p${n}`)).toBe('unchanged');
    expect(pull('p1', 'stopped')).toBe('accepted');
    expect(entity.state.holds).toHaveLength(2);
    // Whoever proves themselves has a hold of their own.
    expect(refusedAs(entity.command('hold', message('hold', 'tara', held).proven, now))).toBe('accepted');
    expect(entity.state.holds).toHaveLength(3);
  });

  it('an unproven message takes no place of a proven one under the same id', () => {
    const { proven } = message('draft-spec', 'hari', draft, 'shared-id');
    const squatter = { ...envelope<'stop-ship'>(actor('tara'), stop, 'shared-id'), digest: proven.digest };
    entity.command('stop-ship', squatter, now);
    expect(entity.command('draft-spec', proven, now)).toMatchObject({ replayed: false });
  });

  it('proofs of others, and of this lifecycle by others, prove nothing', () => {
    const bare = envelope<'draft-spec'>(actor('hari'), draft);
    const elsewhere = authority.proven('another', 'draft-spec', bare, now, { policy });
    const stranger = new Authority().proven(KEY, 'draft-spec', bare, now, { policy });
    const moved = message('draft-spec', 'hari', { ...draft, missing: ['value'] }).proven;
    for (const forged of [elsewhere, stranger, { ...bare, proof: moved.proof }] as const)
      expect(refusedAs(entity.command('draft-spec', forged as never, now))).toBe('unverified');
  });

  it('counts unproven signals into one event a minute, over a continue-as-new', () => {
    const { seq } = entity.state;
    for (let n = 0; n < 40; n++) entity.countUnverified(n % 2 ? 'decide' : 'roll-back', now + n);
    entity.tick(now + 59_999);
    expect(entity.state.seq).toBe(seq);
    expect(entity.countedBy).toBe(now + 60_000);
    const next = new Entity(entity.carry(entity.state.engine), now + 59_999);
    next.tick(now + 60_000);
    expect(next.outbox.entries.at(-1)?.event).toEqual({
      type: 'UnverifiedMessage',
      count: 40,
      names: ['roll-back', 'decide'],
      since: now,
    });
    expect(next.countedBy).toBeNull();
    next.tick(now + 120_000);
    expect(next.state.seq).toBe(seq + 1);
  });

  it('takes other roots over from one that it believes, carries them on, and forgets the old one', () => {
    const next = new Authority();
    const both = nameRoots(authority.root, [...authority.trust.roots, ...next.trust.roots], 1);
    expect(entity.updateRoots(both, now)).toBe(true);
    expect(entity.updateRoots(both, now)).toBe(false);
    const send = (by: Authority, target: Entity, text: string) => {
      const bare = envelope<'draft-spec'>(actor('hari'), { spec: compiledSpec(text), missing: [] });
      return refusedAs(
        target.command('draft-spec', by.proven(KEY, 'draft-spec', bare, now, { policy }), now),
      );
    };
    expect([send(authority, entity, 'a'), send(next, entity, 'b')]).toEqual(['accepted', 'accepted']);
    const run = new Entity(entity.carry(entity.state.engine), now);
    expect(run.updateRoots(nameRoots(next.root, next.trust.roots, 2), now)).toBe(true);
    expect([send(authority, run, 'c'), send(next, run, 'd')]).toEqual(['unverified', 'accepted']);
    // Neither the old root, an older set nor somebody else brings it back.
    const back = [...authority.trust.roots];
    for (const set of [
      nameRoots(authority.root, back, 9),
      both,
      nameRoots(newKey(), back, 9),
      null,
      { serial: 9 },
    ])
      expect(run.updateRoots(set, now)).toBe(false);
    const changed = run.outbox.entries
      .map(({ event }) => event)
      .filter(({ type }) => type === 'RootsChanged');
    expect(changed).toMatchObject([{ serial: 1 }, { serial: 2, roots: [expect.any(String)] }]);
  });

  it('refuses to begin with a trust that nobody could be believed by', async () => {
    const start = await startInput(people, { key: KEY, model });
    for (const trust of ['signed', { roots: [], serial: 0 }, { roots: ['x'], serial: 0 }] as const)
      expect(() => new Entity({ start, trust: trust as never, link: '' }, now)).toThrow(TypeError);
  });
});

describe('under trust dev', () => {
  it('nothing is proven, and proofs are not looked at', async () => {
    const start = await startInput(people, { key: KEY, model });
    const dev = new Entity({ start, trust: 'dev', link: '' }, now);
    expect(refusedAs(dev.command('draft-spec', message('draft-spec', 'hari', draft).bare, now))).toBe(
      'accepted',
    );
    expect(dev.outbox.entries.every(({ proof }) => proof === undefined)).toBe(true);
    expect(dev.updateRoots(nameRoots(authority.root, [publicHex(newKey())], 1), now)).toBe(false);
  });
});

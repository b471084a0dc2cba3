import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPool } from '../../src/ledger/pool.js';
import { createPostgresLedger } from '../../src/ledger/postgres-ledger.js';
import type { LedgerEntry } from '../../src/ports/ledger.js';
import { eventually } from '../support/eventually.js';
import { kindOf, payloadsOf } from '../support/histories.js';
import { failureOf, type Journey } from '../support/journey.js';
import { compiledSpec, demoModel, digest, hours, MEDIUM, withGateTimes } from '../support/lifecycle.js';
import { type Postgres, startPostgres } from '../support/postgres.js';
import { devServer, unique } from '../support/temporal.js';
import { World } from '../support/world.js';

const BOUND = 64 * 1024;
const IN_FLIGHT = 8;

let postgres: Postgres;
let world: World;
let journey: Journey;

beforeAll(async () => {
  postgres = await startPostgres();
  world = await World.open(await devServer(), await postgres.freshDatabase());
  // Long gates: the clock is to play no part in what follows.
  const model = withGateTimes(demoModel(), { sla: hours(8), every: hours(1) });
  journey = await world.begin({ key: unique('outage'), model, facts: MEDIUM, calendar: 'always' });
});
afterAll(async () => {
  await world.close();
  await postgres.stop();
});

/** Comments until one is refused; answers with how many were accepted, and why the last was not. */
async function fillTheOutbox(): Promise<{ accepted: number; refused: string }> {
  let accepted = 0;
  const one = () =>
    journey.send('comment', 'leena', { gate: 'specification', comment: digest(unique('comment')) }).then(
      () => undefined,
      (error: unknown) => failureOf(error).type ?? 'unknown',
    );
  for (;;) {
    const outcomes = await Promise.all(Array.from({ length: IN_FLIGHT }, one));
    accepted += outcomes.filter((outcome) => outcome === undefined).length;
    const refused = outcomes.find((outcome) => outcome !== undefined);
    if (refused !== undefined) return { accepted, refused };
  }
}

function expectContiguous(entries: readonly LedgerEntry[]): void {
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
}

it('a database that is killed stops nobody until 64 KiB wait for it; back again, it gets everything once, in order', async () => {
  await journey.submitSpec();
  const before = await journey.recorded();
  await postgres.kill();

  // Approvals keep working.
  await journey.decide('leena', 'specification');
  const { accepted, refused } = await fillTheOutbox();
  expect(refused).toBe('ledger-behind');
  const version = (await journey.view()).version;
  expect(version - before.length).toBeGreaterThan(accepted);

  // From now on nothing that goes forward, and everything that makes things stricter.
  const answer = await journey.answer('specification');
  expect((await journey.refused('decide', 'gita', answer)).type).toBe('ledger-behind');
  expect(
    (await journey.refused('draft-spec', 'hari', { spec: compiledSpec('another'), missing: [] })).type,
  ).toBe('ledger-behind');
  await journey.send('hold', 'omkar', { effect: 'forward', scope: 'candidate', reason: digest('hold') });
  await journey.send('stop-ship', 'tara', { scope: 'candidate', reason: digest('stop') });
  await journey.signal('stop-ship', 'tara', { scope: 'serving', reason: digest('stop more') });
  const held = await journey.until('three holds', ({ holds }) => holds.length === 3);
  expect(held.holds.map(({ source }) => source)).toEqual(['person', 'stop-ship', 'stop-ship']);
  // Signals that are refused meanwhile leave no trace: they could fill the carry-over.
  await journey.handle.signal('stop-ship', null);

  // The outage lasted over a continue-as-new, which carried what waits for the ledger.
  const runs = await journey.runs();
  expect(runs.length).toBeGreaterThan(1);
  const [started] = payloadsOf(runs.at(-1)?.history ?? {}).filter(({ where }) => where.includes('Started'));
  expect(started?.data.byteLength).toBeGreaterThan(BOUND / 4);
  expect(started?.data.byteLength).toBeLessThan(256 * 1024);
  const retried = runs
    .at(-1)
    ?.history.events?.filter((event) => kindOf(event).startsWith('activityTaskScheduled'));
  expect(retried?.length).toBeGreaterThan(0);
  // The fault was real: nothing of all this can have been written.
  await expect(world.journal(journey.key)).rejects.toThrow();

  await postgres.restart();
  const after = await journey.recorded();
  expectContiguous(after);
  expect(after.slice(0, before.length)).toEqual(before);
  expect(after.filter(({ type }) => type === 'CommentAdded')).toHaveLength(accepted);
  expect(after.filter(({ type }) => type === 'StopShipped')).toHaveLength(2);
  expect(after.filter(({ type }) => type === 'MessageRefused')).toEqual([]);

  // And it goes on by itself.
  await eventually('commands that go forward are accepted again', async () => {
    const { events } = await journey.send('comment', 'gita', {
      gate: 'specification',
      comment: digest('again'),
    });
    return events.length === 1;
  });
  expectContiguous(await journey.recorded());
}, 120_000);

/** Puts an entry where the lifecycle's next one belongs; what `undo` does takes an owner who breaks the rules. */
async function forge(lifecycle: string, seq: number): Promise<{ undo(): Promise<void> }> {
  const pool = createPool(world.database.ownerUrl, { max: 1 });
  const { rows } = await pool.query('SELECT * FROM ledger.chain WHERE chain = $1', [
    `lifecycle/${lifecycle}`,
  ]);
  const id = `lifecycle/${lifecycle}/${seq}`;
  const about = { id, lifecycle, seq, at: Date.now(), by: null, command: null };
  await createPostgresLedger(pool).append([{ ...about, kind: 'event', type: 'Forged', data: {} }]);
  return {
    async undo() {
      const { position, seq: before, hash } = rows[0] ?? {};
      await pool.query("SET session_replication_role = 'replica'");
      await pool.query('DELETE FROM ledger.entry WHERE id = $1', [id]);
      await pool.query('UPDATE ledger.chain SET position = $1, seq = $2, hash = $3 WHERE chain = $4', [
        position,
        before,
        hash,
        `lifecycle/${lifecycle}`,
      ]);
      await pool.end();
    },
  };
}

it('a ledger that holds another entry in the place of ours is a hold until somebody has put it right', async () => {
  const key = unique('conflict');
  const other = await world.begin({ key, model: demoModel(), facts: MEDIUM, calendar: 'always' });
  const before = await other.recorded();
  const forged = await forge(key, before.length + 1);

  await other.send('draft-spec', 'hari', { spec: compiledSpec('another'), missing: [] });
  const held = await other.until('held', ({ holds }) => holds.length > 0);
  expect(held.holds).toMatchObject([{ source: 'ledger', effect: 'forward', scope: 'serving' }]);
  expect(held.stage).toBe('specification');
  // Nothing was appended behind the forged one.
  expect((await world.journal(key)).at(-1)).toMatchObject({ seq: before.length + 1, type: 'Forged' });

  await forged.undo();
  await other.handle.signal('poke', {});
  const after = await other.recorded();
  expectContiguous(after);
  expect(after.map(({ type }) => type)).not.toContain('Forged');
  await other.send('lift-hold', 'farah', { hold: held.holds[0]?.hold ?? '' });
  expectContiguous(await other.recorded());
});

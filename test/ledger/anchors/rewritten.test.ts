import { describe, expect, it } from 'vitest';
import { LedgerRewritten } from '../../../src/ledger/anchors/chains.js';
import { event, events } from '../../ports/ledger-entries.js';
import { openSealing, type Sealing } from './sealing.js';

const LEAF = "UPDATE ledger.checkpoint_leaf SET hash = sha256('x') WHERE chain = 'lifecycle/a'";
const LAST = "UPDATE ledger.entry SET hash = sha256('x') WHERE chain = 'lifecycle/a' AND position = 3";
const HEAD = "UPDATE ledger.chain SET hash = sha256('x') WHERE chain = 'lifecycle/a'";

/** What somebody does to chain a behind everybody's back, and what is said of it. */
const REWRITINGS: [what: string, said: RegExp, statements: string[]][] = [
  ['an entry that was sealed is replaced', /lifecycle\/a .*entry 3 is another/, [LAST, HEAD]],
  ['only the entry is', /lifecycle\/a .*not what its head says/, [LAST]],
  [
    'its end is cut off',
    /lifecycle\/a .*has 2 entries, and had 3/,
    [
      "DELETE FROM ledger.entry WHERE chain = 'lifecycle/a' AND position = 3",
      "UPDATE ledger.chain c SET position = 2, seq = 2, hash = e.hash FROM ledger.entry e WHERE c.chain = 'lifecycle/a' AND e.chain = c.chain AND e.position = 2",
    ],
  ],
  [
    'it is gone altogether',
    /lifecycle\/a .*sealed 3 chains, not 2/,
    [
      "DELETE FROM ledger.entry WHERE chain = 'lifecycle/a'",
      "DELETE FROM ledger.chain WHERE chain = 'lifecycle/a'",
    ],
  ],
  ['entry, head and leaf are replaced', /checkpoint 1 .*do not come to its root/, [LAST, HEAD, LEAF]],
  [
    'the checkpoint is replaced too',
    /checkpoint 1 .*no key of the ledger signed/,
    [LAST, HEAD, LEAF, `UPDATE ledger.checkpoint SET body = replace(body, '"root":"', '"root":"0')`],
  ],
];

async function sealed(): Promise<Sealing> {
  const sealing = await openSealing();
  await sealing.ledger.append(events('a', 3));
  await sealing.ledger.append(events('b', 2));
  await sealing.sealer.seal();
  return sealing;
}

describe('a ledger that does not continue what was sealed', () => {
  it.each(REWRITINGS)('is not sealed: %s', async (_, said, statements) => {
    const sealing = await sealed();
    await sealing.forge(...statements);
    await sealing.ledger.append([event('b', 3)]);
    await expect(sealing.sealer.seal()).rejects.toThrow(LedgerRewritten);
    await expect(sealing.sealer.seal()).rejects.toThrow(said);
    expect(await sealing.checkpoints()).toHaveLength(1);
    const { rows } = await sealing.owner.query('SELECT FROM ledger.checkpoint_leaf WHERE number > 1');
    expect(rows).toEqual([]);
  });

  it('is found even where nothing was added since', async () => {
    const sealing = await sealed();
    await sealing.forge(LAST, HEAD);
    await expect(sealing.sealer.seal()).rejects.toThrow(/lifecycle\/a/);
  });
});

describe('what was sealed', () => {
  const CHANGES = ['key_made', 'key_retired', 'checkpoint', 'checkpoint_leaf', 'witnessed'].flatMap(
    (table) => [`DELETE FROM ledger.${table}`, `TRUNCATE ledger.${table} CASCADE`],
  );

  it('is changed by nobody, whatever their login', async () => {
    const sealing = await sealed();
    for (const change of CHANGES) {
      await expect(sealing.owner.query(change)).rejects.toThrow(/append-only/);
      await expect(sealing.app.query(change)).rejects.toThrow(/permission denied/);
    }
    await expect(sealing.owner.query("UPDATE ledger.checkpoint SET body = ''")).rejects.toThrow(
      /append-only/,
    );
    await expect(sealing.app.query("UPDATE ledger.checkpoint SET body = ''")).rejects.toThrow(/denied/);
  });

  it('gets no leaf, and no checkpoint out of turn, afterwards', async () => {
    const sealing = await sealed();
    const leaf = "INSERT INTO ledger.checkpoint_leaf VALUES ('lifecycle/z', 1, 1, sha256('z'))";
    await expect(sealing.app.query(leaf)).rejects.toThrow(/gets no more leaves/);
    const [first] = await sealing.checkpoints();
    for (const [number, body] of [
      [3, { number: 3, previous: null }],
      [2, { number: 2, previous: null }],
      [2, { number: 3, previous: first?.checkpoint.previous }],
    ] as const) {
      const insert = sealing.app.query(
        'INSERT INTO ledger.checkpoint (number, body, signatures) VALUES ($1, $2, $3)',
        [number, JSON.stringify(body), '[{}]'],
      );
      await expect(insert).rejects.toThrow(/does not continue checkpoint 1/);
    }
  });
});

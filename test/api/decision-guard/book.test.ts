import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createGuardBook } from '../../../src/api/decision-guard/book.js';
import { digestOf } from '../../../src/domain/digest.js';
import type { Standing } from '../../../src/domain/guard/standing.js';
import type { Json } from '../../../src/domain/json.js';
import type { GuardSource, RecordedStanding } from '../../../src/ports/guard-source.js';
import { LedgerUnavailable } from '../../../src/ports/ledger.js';
import { guardSpec } from '../../domain/guard/rules.js';
import { ToldStops } from '../told-stops.js';

const SPEC = digestOf(guardSpec());
const silent = { warn: () => undefined, info: () => undefined };

const standing = (changed: Partial<Standing> = {}): Standing => ({
  team: 't',
  releases: [
    { label: 'r1', digest: 'sha256:1', spec: SPEC, as: 'serving' },
    { label: 'r2', digest: 'sha256:2', spec: SPEC, as: 'candidate' },
  ],
  stoppedBy: null,
  reviewAllBy: null,
  caps: null,
  ...changed,
});

/** A book that hears only what a test says, when it says so. */
async function opened(
  first: readonly RecordedStanding[] = [{ key: 'k', seq: 5, standing: standing() }],
  told = new ToldStops(),
) {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
  onTestFinished(() => void vi.useRealTimers());
  const documents = new Map<string, Json>([[SPEC, guardSpec()]]);
  const world = { said: first, away: false, asked: 0 };
  const source: GuardSource = {
    changed: async () => {
      world.asked += 1;
      if (world.away) throw new LedgerUnavailable('away');
      return { standings: world.said, stops: told.stops, mark: '1' };
    },
    tell: told.tell,
  };
  const book = createGuardBook(source, { get: async (digest) => documents.get(digest) }, silent);
  onTestFinished(() => book.close());
  await book.refresh();
  const hear = async (seq: number, changed: Partial<Standing> = {}): Promise<void> => {
    world.said = [{ key: 'k', seq, standing: standing(changed) }];
    await book.refresh();
  };
  return { book, world, hear, told, documents, later: (ms: number) => vi.setSystemTime(Date.now() + ms) };
}

const STOP = { id: 'h1', effect: 'stopped', scope: 'serving' } as const;

describe('the book of the guard', () => {
  it('knows what is exposed, and under which rules', async () => {
    const { book } = await opened();
    expect(book.standing('k')).toEqual(standing());
    expect(book.rules(SPEC)).toMatchObject({ spec: SPEC, whenUnknown: 'block' });
    expect([book.standing('other'), book.rules('sha256:other'), book.size]).toEqual([
      undefined,
      undefined,
      1,
    ]);
  });

  it('passes over what is older than what it knows', async () => {
    const { book, hear } = await opened();
    await hear(4, { stoppedBy: 'h0' });
    expect(book.standing('k')?.stoppedBy).toBeNull();
  });

  it('does not know what holds once nobody answered for a second', async () => {
    const { book, world, later } = await opened();
    later(1_000);
    expect(book.current).toBe(true);
    later(1);
    expect(book.current).toBe(false);
    world.away = true;
    await book.refresh();
    expect(book.current).toBe(false);
    world.away = false;
    await book.refresh();
    expect(book.current).toBe(true);
  });

  it('reads a spec that could not be read as soon as it can', async () => {
    const { book, documents, hear } = await opened([]);
    documents.clear();
    await hear(6);
    expect(book.rules(SPEC)).toBeUndefined();
    expect(book.current).toBe(true);
    documents.set(SPEC, guardSpec());
    await hear(7);
    expect(book.rules(SPEC)).toBeDefined();
  });
});

describe('an answer that is slow', () => {
  /** A book whose source answers when it is told to. */
  function slowly() {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
    onTestFinished(() => void vi.useRealTimers());
    const answers: (() => void)[] = [];
    const standings = [{ key: 'k', seq: 5, standing: standing() }];
    const changed: GuardSource['changed'] = () =>
      new Promise((resolve) => answers.push(() => resolve({ standings, stops: [], mark: '1' })));
    const source: GuardSource = { changed, tell: async ({ seq }) => seq };
    const book = createGuardBook(source, { get: async () => guardSpec() }, silent);
    onTestFinished(() => book.close());
    return { book, answers };
  }

  it('is waited for round by round, asked for once, and taken', async () => {
    const { book, answers } = slowly();
    await book.refresh();
    const second = book.refresh();
    expect([answers.length, book.standing('k')]).toEqual([1, undefined]);
    answers[0]?.();
    await second;
    expect(book.standing('k')).toEqual(standing());
  });

  it('counts as lost after half a minute and is asked for anew', async () => {
    const { book, answers } = slowly();
    await book.refresh();
    vi.setSystemTime(Date.now() + 30_000);
    const second = book.refresh();
    expect(answers).toHaveLength(2);
    answers[1]?.();
    await second;
    expect([book.standing('k'), book.current]).toEqual([standing(), true]);
    // What was lost and comes all the same takes nothing back.
    answers[0]?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(book.current).toBe(true);
  });
});

describe('a hold that was answered here', () => {
  it('stands until the projection shows it, and for as long as that says then', async () => {
    const { book, hear } = await opened();
    book.note('k', [STOP], 6);
    expect(book.standing('k')).toMatchObject({ stoppedBy: 'h1', releases: [] });
    await hear(5);
    expect(book.standing('k')?.stoppedBy).toBe('h1');
    await hear(6, { stoppedBy: 'h1', releases: [] });
    await hear(9);
    expect(book.standing('k')).toEqual(standing());
  });

  it('that was lifted before it was shown is gone with that', async () => {
    const { book, hear } = await opened();
    book.note('k', [STOP], 6);
    await hear(8);
    expect(book.standing('k')).toEqual(standing());
  });

  it('that was lifted here is as the projection says until then, and never milder', async () => {
    const { book, hear } = await opened();
    await hear(6, { stoppedBy: 'h1', releases: [] });
    book.note('k', [], 8);
    expect(book.standing('k')?.stoppedBy).toBe('h1');
    await hear(8);
    expect(book.standing('k')?.stoppedBy).toBeNull();
  });

  it('and shown already, or of what is not exposed, changes nothing', async () => {
    const { book } = await opened();
    book.note('k', [STOP], 5);
    book.note('other', [STOP], 5);
    expect(book.standing('k')).toEqual(standing());
    expect(book.size).toBe(1);
  });

  it('stands when the answer to an earlier command comes after it', async () => {
    const { book } = await opened();
    book.note('k', [STOP], 8);
    book.note('k', [], 7);
    expect(book.standing('k')?.stoppedBy).toBe('h1');
  });
});

describe('a hold that was handed over and not answered', () => {
  it('stands until it was heard of, and not for ever', async () => {
    const { book, hear, later } = await opened();
    await book.noteHandedOver('k', 'stop-1', { effect: 'stopped', scope: 'candidate' });
    expect(book.standing('k')?.releases.map(({ label }) => label)).toEqual(['r1']);
    // Something else was recorded first.
    await hear(6);
    expect(book.standing('k')?.releases).toHaveLength(1);
    later(10_000);
    await hear(7);
    expect(book.standing('k')).toEqual(standing());
  });

  it('stands whatever else is answered here', async () => {
    const { book, hear } = await opened();
    await book.noteHandedOver('k', 'stop-2', { effect: 'stopped', scope: 'serving' });
    await book.noteHandedOver('k', 'stop-3', { effect: 'review-all', scope: 'serving' });
    book.note('k', [], 6);
    await hear(6);
    expect(book.standing('k')).toMatchObject({ stoppedBy: 'handed-over', reviewAllBy: 'handed-over' });
  });

  it('is over in time, though nothing more is heard after something else was', async () => {
    const { book, hear, later } = await opened();
    await book.noteHandedOver('k', 'stop-4', { effect: 'stopped', scope: 'serving' });
    await hear(6);
    later(9_999);
    expect(book.standing('k')?.stoppedBy).toBe('handed-over');
    later(1);
    expect(book.standing('k')).toEqual(standing());
  });

  it('stands for hours while nothing is heard', async () => {
    const { book, later } = await opened();
    await book.noteHandedOver('k', 'stop-5', { effect: 'stopped', scope: 'serving' });
    later(3_600_000);
    await book.refresh();
    expect(book.standing('k')?.stoppedBy).toBe('handed-over');
  });
});

describe('a hold that another instance was told of', () => {
  const KNOWN = [{ key: 'k', seq: 5, standing: standing() }];

  it('stands as there, where it was handed over, also in an instance that starts later', async () => {
    const { book: one, told } = await opened();
    await one.noteHandedOver('k', 'stop-6', { effect: 'stopped', scope: 'serving' });
    const { book: other, hear, later } = await opened(KNOWN, told);
    expect(other.standing('k')).toMatchObject({ stoppedBy: 'handed-over', releases: [] });
    later(3_600_000);
    await other.refresh();
    expect(other.standing('k')?.stoppedBy).toBe('handed-over');
    await hear(6);
    expect(other.standing('k')).toEqual(standing());
  });

  it('stands until the projection shows it, where it was answered', async () => {
    const { book: one, told } = await opened();
    one.tell('k', 'stop-8', { effect: 'stopped', scope: 'serving' }, 7);
    const { book: other, hear } = await opened(KNOWN, told);
    await hear(6);
    expect(other.standing('k')?.stoppedBy).toBe('handed-over');
    await hear(7);
    expect(other.standing('k')).toEqual(standing());
  });

  it('is told once the database is back', async () => {
    const { book: one, told } = await opened();
    told.away = true;
    await one.noteHandedOver('k', 'stop-7', { effect: 'review-all', scope: 'serving' });
    await one.refresh();
    expect(told.stops).toEqual([]);
    told.away = false;
    await one.refresh();
    expect(told.stops).toMatchObject([{ key: 'k', effect: 'review-all', scope: 'serving', seq: 6 }]);
    await one.refresh();
    expect(told.stops).toHaveLength(1);
  });

  it('and is repeated after it was lifted, stands for a while, not until something more happens', async () => {
    const { book: one, hear, later, told } = await opened();
    const stop = ['stop-9', { effect: 'stopped', scope: 'serving' }] as const;
    await one.noteHandedOver('k', ...stop);
    await hear(6, { stoppedBy: 'h1', releases: [] });
    await hear(7);
    later(10_000);
    expect(one.standing('k')).toEqual(standing());
    const { book: other, later: andLater } = await opened([{ key: 'k', seq: 7, standing: standing() }], told);
    await other.noteHandedOver('k', ...stop);
    expect(other.standing('k')?.stoppedBy).toBe('handed-over');
    andLater(10_000);
    expect(other.standing('k')).toEqual(standing());
  });

  it('stands also where the release is exposed only after it was heard of', async () => {
    const { book: one, told } = await opened();
    await one.noteHandedOver('k', 'stop-10', { effect: 'stopped', scope: 'serving' });
    const { book: other, hear } = await opened([], told);
    expect(other.standing('k')).toBeUndefined();
    await hear(5);
    expect(other.standing('k')?.stoppedBy).toBe('handed-over');
  });

  it('is told on another connection where one died silently', async () => {
    const { book: one, told } = await opened();
    told.hangs = true;
    await one.noteHandedOver('k', 'stop-11', { effect: 'stopped', scope: 'serving' });
    expect(told.stops).toEqual([]);
    told.hangs = false;
    await one.refresh();
    expect(told.stops).toMatchObject([{ command: 'stop-11' }]);
  });
});

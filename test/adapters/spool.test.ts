import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSpools } from '../../src/adapters/spool.js';
import type { Json } from '../../src/domain/json.js';
import { SpoolFull } from '../../src/ports/spool.js';
import { temporaryFolder } from '../ports/temporary-folder.js';

const silent = pino({ level: 'silent' });

class Away extends Error {}

/** A place that things are carried to, and spools before it. */
async function place(most = 100) {
  const home = await temporaryFolder();
  const there: Json[] = [];
  const state: { away: boolean; hangs: boolean; refuses: Json } = {
    away: false,
    hangs: false,
    refuses: null,
  };
  const carry = async (item: Json): Promise<void> => {
    if (state.hangs) await new Promise(() => undefined);
    if (state.away) throw new Away();
    if (item === state.refuses) throw new TypeError('never');
    there.push(item);
  };
  const passes = (error: unknown): boolean => error instanceof Away;
  const open = () => {
    const spool = createSpools(home, silent)({ what: 'letters', carry, passes, most });
    onTestFinished(() => spool.close());
    return spool;
  };
  const waiting = () => readdir(join(home, 'letters'));
  return { home, there, state, open, waiting };
}

describe('a spool', () => {
  it('carries at once what can be carried, and touches no disk', async () => {
    const { there, open, home } = await place();
    expect(await open().send('a', 1)).toBe(true);
    expect(there).toEqual([1]);
    expect(await readdir(home)).toEqual([]);
  });

  it('keeps the rest, shows it, and carries it by itself in the order of the names', async () => {
    const { there, state, open, waiting } = await place();
    const spool = open();
    state.away = true;
    expect([await spool.send('b', 2), await spool.send('a', 1)]).toEqual([false, false]);
    expect([await spool.get('b'), await spool.get('c')]).toEqual([2, undefined]);
    state.away = false;
    await expect.poll(() => there, { timeout: 5_000 }).toEqual([1, 2]);
    await expect.poll(waiting).toEqual([]);
    expect(await spool.send('c', 3)).toBe(true);
  });

  it('carries after a restart what waited before it', async () => {
    const { there, state, open } = await place();
    state.away = true;
    const first = open();
    await first.send('a', { left: true });
    await first.close();
    state.away = false;
    open();
    await expect.poll(() => there, { timeout: 5_000 }).toEqual([{ left: true }]);
  });

  it('does not wait for a place that does not answer', async () => {
    const { state, open } = await place();
    state.hangs = true;
    const begun = Date.now();
    expect(await open().send('a', 1)).toBe(false);
    expect(Date.now() - begun).toBeLessThan(2_000);
  });

  it('throws what will not pass, and leaves behind what can never be carried', async () => {
    const { there, state, open, waiting } = await place();
    const spool = open();
    state.refuses = 'bad';
    await expect(spool.send('a', 'bad')).rejects.toThrow(TypeError);
    state.away = true;
    await spool.send('b', 'bad');
    await spool.send('c', 'good');
    state.away = false;
    await expect.poll(() => there, { timeout: 5_000 }).toEqual(['good']);
    expect(await waiting()).toEqual(['b.json']);
  });

  it('takes no more than it may', async () => {
    const { state, open } = await place(1);
    const spool = open();
    state.away = true;
    await spool.send('a', 1);
    await expect(spool.send('b', 2)).rejects.toThrow(SpoolFull);
  });

  it('throws what the disk throws, and goes on once it can', async () => {
    const { home, there, state, open } = await place();
    const spool = open();
    await writeFile(join(home, 'letters'), 'a file in the way');
    state.away = true;
    await expect(spool.send('a', 1)).rejects.toThrow(/EEXIST|ENOTDIR/);
    state.away = false;
    expect(await spool.send('b', 2)).toBe(true);
    expect(there).toEqual([2]);
  });
});

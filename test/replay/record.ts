/** Run by `npm run record-histories` and by nothing else: goes through every journey and writes its histories. */
import { expect, it } from 'vitest';
import { devServer } from '../support/temporal.js';
import { World } from '../support/world.js';
import { ANCHOR, anchorHistory } from './anchors.js';
import { writeHistory } from './history-files.js';
import { ITEMS, itemHistories } from './items.js';
import { JOURNEYS, settled } from './journeys.js';

it.each(JOURNEYS)('records $names', async ({ names, go }) => {
  const world = await World.open(await devServer());
  try {
    const journey = await go(world);
    await settled(journey);
    const runs = await journey.runs();
    expect(runs).toHaveLength(names.length);
    for (const [index, { history }] of runs.entries()) writeHistory(names[index] ?? '', history);
  } finally {
    await world.close();
  }
});

it('records an anchor', async () => {
  writeHistory(ANCHOR, await anchorHistory(await devServer()));
});

it('records items', async () => {
  const { used, defaulted } = await itemHistories(await devServer());
  writeHistory(ITEMS.used, used);
  writeHistory(ITEMS.defaulted, defaulted);
});

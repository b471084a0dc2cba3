import { createTemporalItems } from '../../src/api/items/temporal-items.js';
import type { ItemTerms } from '../../src/domain/operations/item.js';
import { itemWorkflowId } from '../../src/workflows/messages/items.js';
import type { History } from '../support/histories.js';
import { digest } from '../support/lifecycle.js';
import { unique } from '../support/temporal.js';
import { type Server, World } from '../support/world.js';

/** Where the histories of items are kept: one that was approved and used, one that nobody decided. */
export const ITEMS = { used: 'items/used', defaulted: 'items/defaulted' } as const;

const ACTION = digest('send the reminder of case 1');

/** Goes through both on a real server. */
export async function itemHistories(
  server: Server,
): Promise<{ readonly [N in keyof typeof ITEMS]: History }> {
  const world = await World.open(server);
  const items = createTemporalItems(world.client);
  const lifecycle = unique('items');
  const [leena, hari] = [await world.actor('leena'), await world.actor('hari')];
  const handle = (item: string) => world.client.workflow.getHandle(itemWorkflowId(lifecycle, item));
  const envelope = (actor: typeof leena) => ({ id: unique('c').slice(0, 20), digest: 'd', actor });

  const open = async (item: string, seconds: number): Promise<void> => {
    const due = (await world.now()) + seconds * 1_000;
    const terms: ItemTerms = {
      lifecycle,
      team: 'tax-filing',
      queue: 'default',
      owner: 'leena',
      function: 'operations',
      secondLine: 'deepak',
      due,
      settles: due + 1_000,
      default: 'deny',
      release: null,
    };
    const payload = { item, action: ACTION, clause: null, case: 'case-1', terms };
    await items.open({ opening: { ...envelope(hari), payload }, trust: 'dev' }, item);
  };
  try {
    await open('used', 60);
    const decision = { item: 'used', action: ACTION, decision: 'approve', reason: digest('why') } as const;
    await items.send(lifecycle, 'used', 'decide-item', { ...envelope(leena), payload: decision });
    const another = { item: 'used', action: digest('another') };
    await items
      .send(lifecycle, 'used', 'use-item', { ...envelope(hari), payload: another })
      .catch(() => undefined);
    const use = { item: 'used', action: ACTION };
    await items.send(lifecycle, 'used', 'use-item', { ...envelope(hari), payload: use });
    await open('defaulted', 1);
    await Promise.all([handle('used').result(), handle('defaulted').result()]);
    const [used, defaulted] = await Promise.all([
      handle('used').fetchHistory(),
      handle('defaulted').fetchHistory(),
    ]);
    return { used, defaulted };
  } finally {
    await world.close();
  }
}

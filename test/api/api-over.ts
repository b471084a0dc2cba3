import type pg from 'pg';
import { createTemporalItems } from '../../src/api/items/temporal-items.js';
import { createTemporalGateway } from '../../src/api/temporal-gateway.js';
import { createPostgresLedger } from '../../src/ledger/postgres-ledger.js';
import { createPostgresItems } from '../../src/ledger/projection/items.js';
import { createPostgresReadModel } from '../../src/ledger/projection/read-model.js';
import type { World } from '../support/world.js';

/** What an API over a world's engine and its database is made of. */
export const apiOver = ({ client, documents }: World, pool: pg.Pool) => ({
  gateway: createTemporalGateway(client),
  itemGateway: createTemporalItems(client),
  ledger: createPostgresLedger(pool),
  readModel: createPostgresReadModel(pool),
  items: createPostgresItems(pool),
  documents,
});

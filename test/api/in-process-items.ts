import type { ItemGateway } from '../../src/api/items/item-gateway.js';
import { Problem, sentence } from '../../src/api/problem.js';
import { parseItemEnvelope } from '../../src/contracts/item-envelope.js';
import { isProblemCode } from '../../src/contracts/problem.js';
import type { State } from '../../src/domain/lifecycle/state.js';
import { isOver } from '../../src/domain/operations/item.js';
import { itemTerms, refuseAsking } from '../../src/domain/operations/item-terms.js';
import { ItemEntity } from '../../src/workflows/item-entity.js';
import type { MemoryLedger } from './memory-ledger.js';

const wire = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Items without Temporal: the same entity as in the workflow, told to the ledger at once. */
export class InProcessItems implements ItemGateway {
  /** Added to the clock, so that a test can let time pass. */
  ahead = 0;
  readonly #items = new Map<string, { readonly entity: ItemEntity; readonly startId: string }>();
  readonly #stateOf: (key: string) => State;
  readonly #ledger: MemoryLedger;

  constructor(stateOf: (key: string) => State, ledger: MemoryLedger) {
    this.#stateOf = stateOf;
    this.#ledger = ledger;
  }

  get now(): number {
    return Date.now() + this.ahead;
  }

  terms: ItemGateway['terms'] = async (key, actor, question) =>
    itemTerms(this.#stateOf(key), actor, question, this.now);

  refusesUse: ItemGateway['refusesUse'] = async (key, actor) =>
    refuseAsking(this.#stateOf(key), actor, 'use-item') ?? null;

  open: ItemGateway['open'] = async ({ opening, trust }, startId) => {
    const read = parseItemEnvelope('open-item', wire(opening));
    if (!read.ok) throw new TypeError(`the workflow could not parse it: ${JSON.stringify(read.problems)}`);
    const { item, terms } = read.envelope.payload;
    const id = `${terms.lifecycle}/${item}`;
    const known = this.#items.get(id);
    if (known !== undefined) return { started: false, startId: known.startId };
    const entity = new ItemEntity(read.envelope, trust, this.now);
    this.#items.set(id, { entity, startId });
    await this.#drain(entity);
    return { started: true };
  };

  send: ItemGateway['send'] = async (key, item, name, envelope) => {
    const entity = this.#items.get(`${key}/${item}`)?.entity;
    if (entity === undefined) throw new Problem('not-found', `there is no item ${item} of ${key}`);
    entity.settle(this.now);
    await this.#drain(entity);
    if (isOver(entity.state)) return { over: entity.state };
    const read = parseItemEnvelope(name, wire(envelope));
    if (!read.ok) throw new TypeError(`the workflow could not parse it: ${JSON.stringify(read.problems)}`);
    try {
      const events = entity.command(name, read.envelope, this.now);
      return { events, item: entity.state, trust: entity.belief.trust };
    } catch (error) {
      throw refusalOf(error);
    } finally {
      await this.#drain(entity);
    }
  };

  item: ItemGateway['item'] = async (key, item) => this.#items.get(`${key}/${item}`)?.entity.state;

  async #drain(entity: ItemEntity): Promise<void> {
    const { waiting } = entity;
    await this.#ledger.append(waiting);
    entity.acknowledge(waiting.length);
  }
}

/** The problem that the API makes of a failure of the workflow. */
function refusalOf(error: unknown): unknown {
  const { type, details } = error as { readonly type?: string; readonly details?: unknown[] };
  if (!isProblemCode(type)) return error;
  const reasons = details?.[0] as readonly { readonly code: string; readonly message: string }[];
  return new Problem(type, sentence(reasons), { reasons });
}

import type { LifecycleGateway } from '../../src/api/lifecycle-gateway.js';
import { Problem, sentence } from '../../src/api/problem.js';
import { parseEnvelope } from '../../src/contracts/envelope.js';
import { route } from '../../src/domain/lifecycle/route.js';
import { viewOf } from '../../src/domain/lifecycle/view-of.js';
import { Entity } from '../../src/workflows/entity.js';

/** How the engine behaves for a while. */
export type Condition = 'well' | 'no-worker' | 'unreachable' | 'stuck';

/** Lifecycles without Temporal: the same entity as in the workflow, with one map for the server. */
export class InProcessLifecycles implements LifecycleGateway {
  condition: Condition = 'well';
  readonly signalled: { readonly name: string; readonly id: string }[] = [];
  readonly commands: { readonly name: string; readonly payload: unknown }[] = [];
  readonly #entities = new Map<string, { readonly entity: Entity; readonly startId: string }>();

  start: LifecycleGateway['start'] = async (input, startId) => {
    this.#reachable();
    const known = this.#entities.get(input.start.key);
    if (known !== undefined) return { started: false, startId: known.startId };
    this.#entities.set(input.start.key, { entity: new Entity(input, Date.now()), startId });
    return { started: true };
  };

  knows: LifecycleGateway['knows'] = async (key) => {
    this.#reachable();
    return this.#entities.has(key);
  };

  view: LifecycleGateway['view'] = async (key, actor) => {
    const { entity } = this.#find(key);
    this.#answering('view-unavailable');
    return viewOf(entity.state, actor, Date.now());
  };

  route: LifecycleGateway['route'] = async (key, whatIf) => {
    const { entity } = this.#find(key);
    this.#answering('view-unavailable');
    const assumptions = whatIf.map((each) => ({ without: each.replace('without=', '') }));
    return route(entity.state, Date.now(), assumptions);
  };

  command: LifecycleGateway['command'] = async (key, name, envelope) => {
    const { entity } = this.#find(key);
    this.#answering('outcome-unknown');
    // As on the wire, so that what the workflow could not parse is found here.
    const parsed = parseEnvelope(name, JSON.parse(JSON.stringify(envelope)));
    if (!parsed.ok)
      throw new TypeError(`the workflow could not parse it: ${JSON.stringify(parsed.problems)}`);
    this.commands.push({ name, payload: parsed.envelope.payload });
    const judged = entity.command(name, parsed.envelope, Date.now());
    if ('refused' in judged) {
      throw new Problem(judged.refused, sentence(judged.reasons), { reasons: judged.reasons });
    }
    const { first, last, replayed } = judged;
    const events = Array.from({ length: last - first + 1 }, (_, i) => `lifecycle/${key}/${first + i}`);
    return { events, replayed, view: viewOf(entity.state, envelope.actor, Date.now()) };
  };

  signal: LifecycleGateway['signal'] = async (key, name, { id }) => {
    this.#find(key);
    this.#reachable();
    this.signalled.push({ name, id });
  };

  team: LifecycleGateway['team'] = async (key) => this.#find(key).entity.state.team.id;

  ready = async (): Promise<void> => this.#reachable();

  /** The lifecycle itself: nothing here drains its outbox, so that all of its events are in there. */
  entity(key: string): Entity {
    return this.#find(key).entity;
  }

  keys(): readonly string[] {
    return [...this.#entities.keys()];
  }

  #find(key: string): { readonly entity: Entity } {
    this.#reachable();
    const found = this.#entities.get(key);
    if (found === undefined) throw new Problem('not-found', `there is no lifecycle ${key}`);
    return found;
  }

  #reachable(): void {
    if (this.condition === 'unreachable') {
      throw new Problem('temporal-unavailable', 'not now', { headers: { 'Retry-After': '2' } });
    }
  }

  #answering(code: 'view-unavailable' | 'outcome-unknown'): void {
    if (this.condition === 'no-worker') throw new Problem(code, 'no answer in time');
    if (this.condition === 'stuck') throw new Problem('lifecycle-stuck', 'it failed three times');
  }
}

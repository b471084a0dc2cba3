/**
 * The shell around the decider: one loop that settles what is due, drains the outbox, keeps external work
 * equal to what the state wants, and waits. It decides nothing; after a continue-as-new everything in it is
 * derived from the carried state again.
 */
import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  makeContinueAsNewFunc,
  workflowInfo,
} from '@temporalio/workflow';
import { isTrust } from '../contracts/proof/roots.js';
import { deadlines } from '../domain/lifecycle/deadlines.js';
import { isEngine } from '../domain/lifecycle/engine.js';
import { work } from '../domain/lifecycle/work.js';
import { Alarm, type Wake } from './alarm.js';
import { Appearance } from './appearance.js';
import type { LifecycleArgument } from './carry.js';
import { Drain } from './drain.js';
import { Entity } from './entity.js';
import { registerHandlers } from './handlers.js';
import { Lanes } from './lanes.js';

/** Replaying more than this makes the first decision after a restart slow. */
const MAX_EVENTS = 400;
/** An exposure effect in flight gets this long before continue-as-new cancels it. */
const EXPOSURE_GRACE_MS = 70_000;
/** The engine from which on the ledger is told of nothing that Temporal does not have yet. */
const APPENDS_AFTER_TASK = 3;

function nextWake(entity: Entity, drain: Drain, appearance: Appearance): Wake | null {
  const [due] = deadlines(entity.state, Date.now());
  const at = drain.waitsUntil ?? appearance.showsAt ?? entity.countedBy;
  if (at !== null && (!due || at < due.at)) return { at, what: 'record events in the ledger' };
  return due ? { at: due.at, what: due.what } : null;
}

/** Ends what runs, all of which the next run derives again; only an exposure effect that is still wanted is waited for. */
async function windDown(entity: Entity, lanes: Lanes, drain: Drain): Promise<void> {
  const until = Date.now() + EXPOSURE_GRACE_MS;
  const idle = () => lanes.idle && drain.idle;
  drain.stop();
  while (!idle() && Date.now() < until) {
    // Asked again after every message: a stop-ship must not wait for the effect that it stops.
    lanes.wind(work(entity.state));
    const seen = entity.version;
    await condition(() => idle() || entity.version !== seen, until - Date.now());
  }
  lanes.cancelAll();
  await condition(() => idle() && allHandlersFinished());
}

/** One AI use case, from scoping to retirement. */
export async function lifecycle(argument: LifecycleArgument): Promise<void> {
  // Temporal's own cancel would end it with its exposure as it is and nobody watching; commands end a lifecycle.
  await CancellationScope.nonCancellable(() => run(argument));
}

function entityOf(argument: LifecycleArgument): Entity {
  const { trust } = 'carry' in argument ? argument.carry : argument;
  // Before anything else: what nobody could be believed by must not begin to wait for messages.
  if (isTrust(trust)) return new Entity(argument, Date.now());
  throw ApplicationFailure.nonRetryable('its trust names no root keys', 'unsupported-trust');
}

async function run(argument: LifecycleArgument): Promise<void> {
  const entity = entityOf(argument);
  let engine = entity.state.engine;
  const report = (outcome: Parameters<Entity['report']>[0]) => {
    entity.report(outcome, Date.now());
    entity.touch();
  };
  const lanes = new Lanes(report);
  const waitsForTask = entity.state.engine >= APPENDS_AFTER_TASK;
  const conflict = (detail: string) => report({ type: 'ledger-conflict', detail });
  const drain = new Drain(entity.outbox, !waitsForTask, conflict);
  registerHandlers(entity, (asked) => {
    if (asked !== null && isEngine(asked)) engine = asked;
    drain.unblock();
    entity.touch();
  });
  const alarm = new Alarm();
  const appearance = new Appearance(entity.link);
  const woken = () => entity.touch();
  const mustRoll = () =>
    engine !== entity.state.engine ||
    workflowInfo().continueAsNewSuggested ||
    workflowInfo().historyLength >= MAX_EVENTS;
  const over = () => entity.state.stage === 'retired' && work(entity.state).length === 0;
  const finished = () => over() && entity.outbox.empty && lanes.idle;
  void condition(mustRoll).then(woken);
  while (!finished()) {
    entity.tick(Date.now());
    if (over()) entity.outbox.hurry(Date.now());
    if (!entity.state.holds.some(({ source }) => source === 'ledger')) drain.unblock();
    const answering = entity.answeredAt === Date.now();
    const appends = drain.due(Date.now(), answering);
    appearance.show(entity.state, Date.now(), over() || appends);
    if (mustRoll()) break;
    const isNew = waitsForTask && entity.outbox.holdsNew(Date.now());
    if (appends) drain.start(!answering && !isNew, woken);
    lanes.reconcile(work(entity.state));
    alarm.arm(nextWake(entity, drain, appearance), Date.now(), woken);
    await entity.nextChange();
  }
  if (finished()) return;
  alarm.clear();
  await windDown(entity, lanes, drain);
  await makeContinueAsNewFunc<typeof lifecycle>({ memo: workflowInfo().memo ?? {} })(entity.carry(engine));
}

/**
 * The shell around the decider: one loop that settles what is due, drains the outbox, keeps external work
 * equal to what the state wants, and waits. It decides nothing; after a continue-as-new everything in it is
 * derived from the carried state again.
 */
import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  makeContinueAsNewFunc,
  workflowInfo,
} from '@temporalio/workflow';
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
const EXPOSURE_GRACE = '70s';

function nextWake(entity: Entity, drain: Drain): Wake | null {
  const [due] = deadlines(entity.state, Date.now());
  const drainAt = drain.waitsUntil;
  if (drainAt !== null && (!due || drainAt < due.at))
    return { at: drainAt, what: 'record events in the ledger' };
  return due ? { at: due.at, what: due.what } : null;
}

/** One AI use case, from scoping to retirement. */
export async function lifecycle(argument: LifecycleArgument): Promise<void> {
  const entity = new Entity(argument, Date.now());
  if (entity.trust !== 'dev')
    throw ApplicationFailure.nonRetryable('signed trust comes with identity', 'unsupported-trust');
  let engine = entity.state.engine;
  registerHandlers(entity, (asked) => {
    if (asked !== null && isEngine(asked)) engine = asked;
    entity.version++;
  });
  const report = (outcome: Parameters<Entity['report']>[0]) => {
    entity.report(outcome, Date.now());
    entity.version++;
  };
  const lanes = new Lanes(report);
  const drain = new Drain(entity.outbox, (detail) => report({ type: 'ledger-conflict', detail }));
  const alarm = new Alarm();
  const appearance = new Appearance(entity.link);
  const woken = () => void entity.version++;
  const mustRoll = () =>
    engine !== entity.state.engine ||
    workflowInfo().continueAsNewSuggested ||
    workflowInfo().historyLength >= MAX_EVENTS;
  const over = () => entity.state.stage === 'retired' && work(entity.state).length === 0;

  while (!(over() && entity.outbox.empty && lanes.idle)) {
    entity.report({ type: 'tick' }, Date.now());
    appearance.show(entity.state, Date.now());
    if (mustRoll() && !over()) break;
    if (!entity.state.holds.some(({ source }) => source === 'ledger')) drain.unblock();
    if (over()) entity.outbox.hurry(Date.now());
    drain.start(Date.now(), woken);
    lanes.reconcile(work(entity.state));
    alarm.arm(nextWake(entity, drain), Date.now(), woken);
    const seen = entity.version;
    await condition(() => entity.version !== seen || mustRoll());
  }
  if (over()) return;
  alarm.clear();
  lanes.wind();
  drain.stop();
  await condition(() => lanes.idle && drain.idle, EXPOSURE_GRACE);
  lanes.cancelAll();
  await condition(() => lanes.idle && drain.idle && allHandlersFinished());
  await makeContinueAsNewFunc<typeof lifecycle>({ memo: workflowInfo().memo ?? {} })(entity.carry(engine));
}

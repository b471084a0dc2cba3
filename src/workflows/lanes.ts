import { CancellationScope, isCancellation, log, sleep } from '@temporalio/workflow';
import type { Report } from '../domain/lifecycle/reports.js';
import type { Work } from '../domain/lifecycle/work.js';
import { doWork } from './work/index.js';

/** The lane that is never abandoned: exposure in flight is waited for, not forgotten. */
const EXPOSURE_LANE = 'exposure';
/** Before a work that failed for good is tried again: somebody has to mend something first. */
const PAUSE_AFTER_FAILURE = '30s';

interface Running {
  readonly lane: string;
  readonly scope: CancellationScope;
}

/** Keeps the running works equal to the wanted ones, one at a time in each lane. */
export class Lanes {
  readonly #running = new Map<string, Running>();
  readonly #done: (report: Report) => void;

  constructor(done: (report: Report) => void) {
    this.#done = done;
  }

  get idle(): boolean {
    return this.#running.size === 0;
  }

  /** Stops what is no longer wanted and starts what is, where its lane is free. */
  reconcile(wanted: readonly Work[]): void {
    const keys = new Set(wanted.map(({ key }) => key));
    for (const [key, { scope }] of this.#running) if (!keys.has(key)) scope.cancel();
    for (const work of wanted) {
      if (!this.#busy(work.lane)) this.#start(work);
    }
  }

  /** Before continue-as-new: everything that can be derived again ends; exposure in flight goes on while it is wanted. */
  wind(wanted: readonly Work[]): void {
    const kept = new Set(wanted.filter(({ lane }) => lane === EXPOSURE_LANE).map(({ key }) => key));
    for (const [key, { scope }] of this.#running) if (!kept.has(key)) scope.cancel();
  }

  cancelAll(): void {
    for (const { scope } of this.#running.values()) scope.cancel();
  }

  #busy(lane: string): boolean {
    return [...this.#running.values()].some((running) => running.lane === lane);
  }

  #start(work: Work): void {
    const scope = new CancellationScope();
    this.#running.set(work.key, { lane: work.lane, scope });
    void scope.run(() => this.#carryOut(work));
  }

  async #carryOut(work: Work): Promise<void> {
    let report: Report = { type: 'tick' };
    try {
      report = await doWork(work);
    } catch (error) {
      if (!isCancellation(error)) await this.#pause(work, error);
    }
    this.#running.delete(work.key);
    this.#done(report);
  }

  async #pause({ key, summary }: Work, error: unknown): Promise<void> {
    log.error('work failed for good; it is tried again after a pause', { key, error });
    try {
      await sleep(PAUSE_AFTER_FAILURE, { summary: `pause before ${summary}` });
    } catch (interrupted) {
      if (!isCancellation(interrupted)) throw interrupted;
    }
  }
}

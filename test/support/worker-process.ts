import { type ChildProcess, fork } from 'node:child_process';
import { inCheckout } from '../../src/main/checkout.js';
import type { World } from './world.js';

/** The compiled worker as a process of its own, on a world whose own workers are stopped. */
export class WorkerProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Starts it and waits until it carries lifecycles. */
  static async start(world: World, address: string): Promise<WorkerProcess> {
    const child = fork(inCheckout('dist', 'main', 'worker.js'), {
      env: {
        ...process.env,
        AIRWORTHY_HOME: world.home,
        AIRWORTHY_PEOPLE: world.people,
        AIRWORTHY_TARGET_URL: world.targetUrl,
        AIRWORTHY_METRICS_URL: world.metricsUrl,
        AIRWORTHY_LOG_LEVEL: 'error',
        DATABASE_URL: world.database.ownerUrl,
        AIRWORTHY_DATABASE_APP_URL: world.database.appUrl,
        TEMPORAL_ADDRESS: address,
      },
      execArgv: [],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', (code) => reject(new Error(`the worker ended with ${code} before it was ready`)));
    });
    return new WorkerProcess(child);
  }

  /** Stops it where it stands: it neither works nor says that it does not. */
  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  /** Ends it for good, whatever state it is in. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.resume();
    this.#child.kill(signal);
    await ended;
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { reason } from '../../adapters/system-error.js';
import type { Say } from '../servers/command.js';
import { type Places, type Program, type RunningChild, startChild } from './running-child.js';
import { startAgain } from './start-again.js';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
const STEADY_AFTER_MS = 60_000;

/** A child that is started again whenever it ends, until it is stopped. */
export interface SupervisedChild {
  name: string;
  /** Starts it and resolves with its ready message; rejects when the first start does not succeed. */
  start(): Promise<unknown>;
  stop(): Promise<void>;
  /** Ends it at once, without grace. */
  kill(): void;
}

/** Supervises one program: restarts with a growing wait (half a second to fifteen), a line said for each. */
export function supervise(program: Program, places: Places, say: Say): SupervisedChild {
  const stopping = new AbortController();
  let current: RunningChild | undefined;
  let wait = FIRST_WAIT_MS;

  async function run(): Promise<unknown> {
    await program.prepare?.();
    stopping.signal.throwIfAborted();
    const child = startChild(program, places);
    current = child;
    try {
      return await child.ready;
    } catch (error) {
      await child.stop();
      throw error;
    }
  }

  async function keepAlive(): Promise<void> {
    while (!stopping.signal.aborted && current !== undefined) {
      const begun = Date.now();
      const why = await current.ended;
      if (stopping.signal.aborted) return;
      if (Date.now() - begun > STEADY_AFTER_MS) wait = FIRST_WAIT_MS;
      say(`${program.name} ended (${why}); starting it again in ${wait / 1000} s. Its log: ${current.log}`);
      await restart();
    }
  }

  async function restart(): Promise<void> {
    await sleep(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
    if (stopping.signal.aborted) return;
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    await run().then(
      () => say(`${program.name} runs again.`),
      (error: unknown) => stopping.signal.aborted || say(reason(error)),
    );
  }

  return {
    name: program.name,
    start: async () => {
      const message = await startAgain(program.name, program.startAttempts ?? 1, say, run, stopping.signal);
      void keepAlive();
      return message;
    },
    stop: async () => {
      stopping.abort();
      await current?.stop();
    },
    kill: () => {
      stopping.abort();
      current?.kill();
    },
  };
}

import type { Say } from './servers/command.js';
import type { System } from './system.js';

const SAME_PRESS_MS = 1_000;

/**
 * Stops a system on the first Ctrl-C, SIGTERM or closed terminal and resolves when everything has ended; a second
 * one ends all at once, with exit code 130.
 */
export function stopOnSignals(system: System, say: Say): Promise<void> {
  return new Promise((resolve, reject) => {
    let first: number | undefined;
    const onSignal = () => {
      if (first === undefined) {
        first = Date.now();
        say('Stopping ... (again: at once)');
        system.stop().then(resolve, reject);
        return;
      }
      // npm passes on the Ctrl-C that the terminal has sent to us already: one press, two signals.
      if (Date.now() - first < SAME_PRESS_MS) return;
      system.kill();
      process.exit(130);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  });
}

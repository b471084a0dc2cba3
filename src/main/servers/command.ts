import { spawn } from 'node:child_process';
import { OperatorError } from '../operator-error.js';

/** Takes one line of progress for a person. */
export type Say = (line: string) => void;

/** A long command: what it does in words, where it runs, and what to say when it fails. */
export interface LongCommand {
  program: string;
  args: readonly string[];
  doing: string;
  variables?: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  say: Say;
}

const PROGRESS_EVERY_MS = 10_000;

/** Runs a command that takes its time, saying every ten seconds that it still does; throws with its last output. */
export async function runLongCommand(command: LongCommand): Promise<void> {
  const { program, doing, say, signal } = command;
  signal?.throwIfAborted();
  const begun = Date.now();
  const seconds = () => Math.round((Date.now() - begun) / 1000);
  // A group of its own, because such programs start others that must end with them.
  const child = spawn(program, command.args, {
    detached: true,
    env: command.variables ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const killGroup = () => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  };
  signal?.addEventListener('abort', killGroup, { once: true });
  const progress = setInterval(() => say(`  still ${doing} (${seconds()} s)`), PROGRESS_EVERY_MS);
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        if (code === 0) resolve();
        else
          reject(
            new OperatorError(`${Buffer.concat(output).toString('utf8').slice(-3000)}\nFailed ${doing}.`),
          );
      });
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    clearInterval(progress);
    signal?.removeEventListener('abort', killGroup);
  }
  say(`  done ${doing} (${seconds()} s)`);
}

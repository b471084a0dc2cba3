import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const RUNNER = fileURLToPath(new URL('run-typescript.mjs', import.meta.url));

/** Runs a TypeScript module in a process of its own, with an IPC channel; killed when the test is over. */
export function startModule(module: URL, args: string[], env: NodeJS.ProcessEnv = process.env): ChildProcess {
  const child = fork(RUNNER, [fileURLToPath(module), ...args], { env, stdio: 'inherit' });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

/** The next message of a child; rejects when it ends instead. */
export async function nextMessage(child: ChildProcess): Promise<unknown> {
  const over = new AbortController();
  try {
    const [message]: unknown[] = await Promise.race([
      once(child, 'message', { signal: over.signal }),
      once(child, 'exit', { signal: over.signal }).then(([code]) => {
        throw new Error(`the process ended with ${code} before it said anything`);
      }),
    ]);
    return message;
  } finally {
    over.abort();
  }
}

/** Kills a child without any warning and waits until it is gone. */
export async function killAndWait(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../operator-error.js';
import { endProcess, signalGroup } from './ending.js';
import { openLog, sizeOf, tailOf } from './log-file.js';
import { recordSuffix } from './orphans.js';
import { isAlive, recordOf, removeRecord, writeRecord } from './process-record.js';

/** A program that `up` runs. */
export interface Program {
  name: string;
  command: string;
  args: readonly string[];
  variables: NodeJS.ProcessEnv;
  /** `message`: the child sends `{ready: true}` by IPC; otherwise resolves when the child can be used. */
  ready: 'message' | ((signal: AbortSignal) => Promise<void>);
  readyWithinMs: number;
  /** How often its first start is tried; once, unless something outside may be in its way for a moment. */
  startAttempts?: number;
  /** How long it may take to end by itself after it was asked to. */
  stopWithinMs: number;
  /** What asks it to end, where that is not SIGTERM. */
  stopSignal?: 'SIGINT';
  /** What must be done before every start. */
  prepare?: () => Promise<void>;
}

/** Where a child's process file and log go. */
export interface Places {
  runFolder: string;
  logFolder: string;
}

/** One run of a program, from its start to its exit. */
export interface RunningChild {
  pid: number;
  log: string;
  /** Resolves with the ready message (or undefined for a probe); rejects when it ended or took too long. */
  ready: Promise<unknown>;
  /** Resolves with why it ended, in words. */
  ended: Promise<string>;
  stop(): Promise<void>;
  kill(): void;
}

/**
 * Starts a program as the leader of a process group of its own, so that a Ctrl-C in the terminal reaches `up`
 * alone and the order of stopping is `up`'s; writes its process file; sends its output to its log, not through a
 * pipe, so that it can outlive a killed `up` long enough to end properly.
 */
export function startChild(program: Program, { runFolder, logFolder }: Places): RunningChild {
  const log = join(logFolder, `${program.name}.log`);
  const logBegin = sizeOf(log);
  const output = openLog(log);
  const child = spawn(program.command, program.args, {
    detached: true,
    env: program.variables,
    stdio: ['ignore', output, output, ...(program.ready === 'message' ? (['ipc'] as const) : [])],
  });
  closeSync(output);
  const ended = endOf(child);
  const { pid } = child;
  if (pid === undefined)
    throw new OperatorError(`${program.name} did not start: cannot run ${program.command}.`);
  const record = recordOf(program.name, pid, program.stopSignal);
  const recordFile = join(runFolder, `${program.name}${recordSuffix}`);
  writeRecord(recordFile, record);
  void ended.then(() => removeRecord(recordFile));
  const ready = readiness(program, child, ended).catch((error: Error) => {
    throw new OperatorError(`${tailOf(log, logBegin)}\n${error.message} Its whole log: ${log}`.trimStart());
  });
  // The caller may only look at it later; a rejection before that is no fault.
  ready.catch(() => undefined);
  return {
    pid,
    log,
    ready,
    ended,
    stop: async () => {
      await endProcess(record, program.stopWithinMs);
      await ended;
    },
    kill: () => {
      if (isAlive(record)) signalGroup(pid, 'SIGKILL');
    },
  };
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
}

async function readiness(program: Program, child: ChildProcess, ended: Promise<string>): Promise<unknown> {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    const sentence = `${program.name} was not ready after ${program.readyWithinMs / 1000} s.`;
    timer = setTimeout(() => reject(new Error(sentence)), program.readyWithinMs);
  });
  const endedEarly = ended.then((why) => {
    throw new Error(`${program.name} ended before it was ready (${why}).`);
  });
  try {
    const usable = program.ready === 'message' ? readyMessage(child) : program.ready(over.signal);
    return await Promise.race([usable, endedEarly, tooLong]);
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}

function readyMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => {
    child.on('message', (message) => {
      if (typeof message === 'object' && 'ready' in message) resolve(message);
    });
  });
}

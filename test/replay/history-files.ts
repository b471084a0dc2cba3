/** Histories as files of this folder: one event a line, without anything of the machine that recorded them. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { History } from '../support/histories.js';

const folder = new URL('./histories/', import.meta.url);

/** The names of all histories that are kept. */
export function historyNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length));
}

/** The text of a history's file. */
export function historyText(name: string): string {
  return readFileSync(new URL(`${name}.json`, folder), 'utf8');
}

export function readHistory(name: string): History {
  return historyOf(historyText(name));
}

export function historyOf(text: string): History {
  return historyFromJSON(JSON.parse(text));
}

/** Keeps a history under a name, in the form in which the SDK and the Temporal UI exchange them. */
export function writeHistory(name: string, history: History): void {
  const { events } = JSON.parse(historyToJSON(history)) as { events: unknown[] };
  const lines = events.map((event) => JSON.stringify(event, withoutMachine));
  writeFileSync(new URL(`${name}.json`, folder), `{"events":[\n${lines.join(',\n')}\n]}\n`);
}

/** Process ids, host names and paths say nothing, and would change with every recording. */
function withoutMachine(key: string, value: unknown): unknown {
  if (key === 'stackTrace') return '';
  if (key === 'lastFailure') return { message: 'as recorded' };
  return typeof value === 'string' && /^\d+@/.test(value) ? 'recorded' : value;
}

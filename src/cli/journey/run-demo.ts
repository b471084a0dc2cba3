/** The examples, each carried by its people through a running system, all at once. */
import { readTimeScale, readView } from '../client/lifecycles.js';
import { ApiProblem, problemLines, Unreachable, UsageError } from '../client/problems.js';
import type { Terminal } from '../terminal/terminal.js';
import { isGroup } from '../written/read-written.js';
import { type Example, exampleBody } from './example.js';
import { JourneyFailed } from './failure.js';
import type { StartStep } from './form.js';
import type { JourneySetting } from './journeying.js';
import { loadSeries } from './load-series.js';
import { Narrator } from './narrator.js';
import { runJourney } from './run-journey.js';
import { createSessions, type Sessions } from './sessions.js';

/** A short stop of the API is waited out: somebody may be looking at what a restart does. */
const PATIENCE_MS = 60_000;

/** Where the system is that the examples run in. */
export interface DemoSystem {
  readonly address: string;
  /** Base address of the demo metric source. */
  readonly metrics: string;
  /** Where a workflow is found in the Temporal UI, up to its id; undefined where nobody serves one. */
  readonly workflows: string | undefined;
}

/** A use case that ran, under the key that was free. */
interface Ran {
  readonly key: string;
  readonly title: string;
  readonly went: boolean;
}

/**
 * Runs the examples and prints what to look at next. True only if every journey produced the sequence of its
 * file. `beforeStep` is called before every step of each.
 */
export async function runDemo(
  examples: readonly Example[],
  system: DemoSystem,
  terminal: Terminal,
  beforeStep?: JourneySetting['beforeStep'],
): Promise<boolean> {
  const sessions = createSessions(system.address, PATIENCE_MS);
  const keys = await Promise.all(examples.map((example) => freeKey(example, sessions)));
  const width = Math.max(...keys.map((key) => key.length));
  const running = examples.map(async (example, index): Promise<Ran> => {
    const key = keys[index] ?? example.journey.key;
    const narrator = new Narrator(terminal, key, width);
    const { title } = example.journey;
    narrator.chapter(title);
    if (key !== example.journey.key) {
      narrator.line(`${example.journey.key} is taken by an earlier run, so this one is ${key}.`);
    }
    for (const link of links(key, system)) narrator.line(link);
    const timeScale = await sessions.as(starter(example).by, (api) =>
      readTimeScale(api, modelOf(example, key)),
    );
    await loadSeries(system.metrics, key, { timeScale, series: example.series });
    const setting = { example, key, timeScale, sessions, narrator, ...(beforeStep && { beforeStep }) };
    return { key, title, went: await went(setting) };
  });
  const ran = await Promise.all(running);
  next(ran, system, terminal);
  return ran.every((each) => each.went);
}

/** Whether a journey went as its file says; anything else is told. */
async function went(setting: JourneySetting): Promise<boolean> {
  try {
    await runJourney(setting);
    return true;
  } catch (error) {
    for (const line of lines(error)) setting.narrator.bad(line);
    return false;
  }
}

function lines(error: unknown): readonly string[] {
  if (error instanceof JourneyFailed) return error.lines;
  if (error instanceof ApiProblem) return problemLines(error);
  if (error instanceof Unreachable || error instanceof UsageError) return error.message.split('\n');
  throw error;
}

function starter({ journey }: Example): StartStep {
  const starting = journey.steps.find((step): step is StartStep => 'start' in step);
  if (starting === undefined)
    throw new UsageError(`the journey of ${journey.key} has no step that starts it`);
  return starting;
}

function modelOf(example: Example, key: string): string {
  const body = exampleBody(example, starter(example).start, key);
  return isGroup(body) && typeof body.operatingModel === 'string' ? body.operatingModel : 'standard';
}

/** The example's own key, or with the first number behind it that nobody has used. */
async function freeKey(example: Example, sessions: Sessions): Promise<string> {
  const { key } = example.journey;
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? key : `${key}-${n}`;
    try {
      await sessions.as(starter(example).by, (api) => readView(api, candidate));
    } catch (error) {
      if (error instanceof ApiProblem && error.document.code === 'not-found') return candidate;
      throw error;
    }
  }
}

function links(key: string, { address, workflows }: DemoSystem): string[] {
  return [
    ...(workflows === undefined ? [] : [`Temporal UI  ${workflows}/lifecycle%2F${key}`]),
    `API          ${address}/v1/lifecycles/${key}`,
  ];
}

function next(ran: readonly Ran[], system: DemoSystem, { out, paint }: Terminal): void {
  out('');
  for (const { key, title, went } of ran) {
    out(
      `${went ? paint.good('as its file says') : paint.bad('NOT as its file says')}  ${paint.bold(key)}  ${title}`,
    );
    for (const link of links(key, system)) out(`  ${link}`);
  }
  const [first] = ran;
  if (first === undefined) return;
  out('Look at one on the command line:');
  out(`  npx airworthy show ${first.key} --as gita`);
  out(`  npx airworthy route ${first.key} --as gita --what-if without=reach`);
}

/** Takes the steps of a journey, one after the other, as the people they name. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { elapsedOf } from '../../contracts/duration-text.js';
import { readView, sendCommand, type View } from '../client/lifecycles.js';
import { isGroup } from '../written/read-written.js';
import { fillIn } from '../written/words.js';
import { inWords, unmet } from './condition.js';
import { type Example, exampleBody } from './example.js';
import { asExpected } from './expectation.js';
import { JourneyFailed } from './failure.js';
import type { ActStep, Condition, DecisionStep, StartStep, Step } from './form.js';
import type { Narrator } from './narrator.js';
import type { Sessions } from './sessions.js';

const LOOK_EVERY_MS = 200;

/** A journey with everything that it runs in. */
export interface JourneySetting {
  readonly example: Example;
  /** The key it runs under, its own or one with a number behind it. */
  readonly key: string;
  /** How much the operating model shortens elapsed times. */
  readonly timeScale: number;
  readonly sessions: Sessions;
  readonly narrator: Narrator;
  /** Called before every step; a test stops and starts the system here. */
  readonly beforeStep?: (step: Step) => Promise<void>;
}

export class Journeying {
  readonly #setting: JourneySetting;
  readonly #reader: string;
  /** Subject of every opening of a gate that was seen: somebody may cite an earlier one. */
  readonly #subjects = new Map<string, string>();

  constructor(setting: JourneySetting, reader: string) {
    this.#setting = setting;
    this.#reader = reader;
  }

  async view(): Promise<View> {
    const { sessions, key } = this.#setting;
    const view = await sessions.as(this.#reader, (api) => readView(api, key));
    for (const { gate, generation, subject } of view.gates)
      this.#subjects.set(`${gate} ${generation}`, subject);
    return view;
  }

  async take(step: Step): Promise<void> {
    const { narrator } = this.#setting;
    if ('chapter' in step) return narrator.chapter(step.chapter);
    if ('skipped' in step) return narrator.skipped(step.skipped, step.because);
    if ('start' in step) return this.#start(step);
    if ('do' in step) return this.#act(step);
    if ('decide' in step) return this.#decide(step);
    if ('until' in step) return this.#wait(step.until, elapsedOf(step.within));
    return this.#look(step.see);
  }

  async #start(step: StartStep): Promise<void> {
    const { example, key, narrator, sessions } = this.#setting;
    narrator.act(step.by, `starts ${key} (${step.start})`);
    const idempotencyKey = randomUUID();
    const body = fillIn(exampleBody(example, step.start, key), undefined, Date.now());
    const call = () => sessions.as(step.by, (api) => api.post('/v1/lifecycles', body, { idempotencyKey }));
    await asExpected(step, `${step.by}'s start`, call, narrator);
  }

  async #act(step: ActStep): Promise<void> {
    const { example, key, narrator } = this.#setting;
    narrator.act(step.by, [step.do, ...bodyInWords(step.with)].join(' '));
    const written = exampleBody(example, step.with ?? {}, key);
    await this.#command(step.by, step, step.do, fillIn(written, await this.view(), Date.now()));
  }

  async #decide(step: DecisionStep): Promise<void> {
    const { at, decide, clauses, say, opening } = step;
    for (const by of [step.by].flat()) {
      const view = await this.view();
      const gate = view.gates.find((each) => each.gate === at);
      const generation = opening ?? gate?.generation;
      const subject = this.#subjects.get(`${at} ${generation}`);
      if (subject === undefined) throw new JourneyFailed(`${by} was to decide at ${at}, which is not open`);
      const cited = opening === undefined ? '' : `, citing opening ${opening}`;
      const what = clauses === undefined ? decide : `${decide} on ${clauses.join(', ')}`;
      this.#setting.narrator.act(by, `at ${at}${cited}: ${what}${say === undefined ? '' : ` — ${say}`}`);
      const comment = say === undefined ? {} : { comment: say };
      const body = {
        gate: at,
        generation,
        subject,
        decision: decide,
        ...comment,
        ...(clauses && { clauses }),
      };
      await this.#command(by, step, 'decide', body);
    }
  }

  #command(by: string, step: ActStep | DecisionStep, name: string, body: unknown): Promise<void> {
    const { sessions, key, narrator } = this.#setting;
    const idempotencyKey = randomUUID();
    const call = () => sessions.as(by, (api) => sendCommand(api, key, name, body, idempotencyKey));
    return asExpected(step, `${by}'s ${name}`, call, narrator);
  }

  async #wait(condition: Condition, withinMs: number): Promise<void> {
    const { timeScale, narrator } = this.#setting;
    const until = Date.now() + withinMs;
    let told = false;
    for (;;) {
      const view = await this.view();
      const missing = unmet(condition, view, timeScale, Date.now());
      if (missing.length === 0) return;
      if (!told) narrator.waits(inWords(condition), view, Date.now());
      told = true;
      if (Date.now() > until)
        throw new JourneyFailed(`after ${withinMs / 1_000} s still:`, ...missing.map(indented));
      await sleep(LOOK_EVERY_MS);
    }
  }

  async #look(condition: Condition): Promise<void> {
    const missing = unmet(condition, await this.view(), this.#setting.timeScale, Date.now());
    if (missing.length > 0)
      throw new JourneyFailed('it does not stand as expected:', ...missing.map(indented));
    this.#setting.narrator.line(`  now ${inWords(condition)}`);
  }
}

const indented = (line: string): string => `  ${line}`;

/** A body as people would say it; what is long is cut. */
function bodyInWords(body: unknown): string[] {
  if (typeof body === 'string') return [body];
  if (!isGroup(body)) return [];
  return Object.entries(body).map(([field, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return `${field}=${text.includes(' ') ? `"${text}"` : text}`;
  });
}

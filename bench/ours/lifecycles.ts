import { digestOf } from '../../src/domain/digest.js';
import type { Json } from '../../src/domain/json.js';
import { decide, type Outcome, react } from '../../src/domain/lifecycle/decide.js';
import type { Event } from '../../src/domain/lifecycle/events.js';
import type { Report } from '../../src/domain/lifecycle/reports.js';
import { begin } from '../../src/domain/lifecycle/start.js';
import { type StartInput, startDocument } from '../../src/domain/lifecycle/start-input.js';
import type { State } from '../../src/domain/lifecycle/state.js';
import { type Work, work } from '../../src/domain/lifecycle/work.js';
import type { LedgerEntry } from '../../src/ports/ledger.js';
import { resolvePilot } from './start.js';

const REASON = digestOf({ text: 'why' });
/** One lifecycle in so many has a partner whom all of these share. */
const SHARED_EVERY = 10;

/** What the ledger and the document store are given of a lifecycle. */
export interface Made {
  readonly key: string;
  readonly team: string;
  readonly documents: readonly Json[];
  readonly entries: readonly LedgerEntry[];
}

/** Makes the n-th lifecycle of a population by the rules themselves, in one of `teams` teams of their own people. */
export type Maker = (n: number, comments?: number) => Made;

/** In turn: one waiting at its gate, an exposed pilot, a governed one being specified, one that is held. */
export async function createMaker(teams: number): Promise<Maker> {
  const { start: pilot } = await resolvePilot();
  const now = Date.now();
  return (n, comments = 0) => {
    const team = `team-${n % teams}`;
    const starting = starts[n % 4 === 2 ? 'governed' : 'pilot'](renamed(pilot, `bench-${n}`, team, n));
    const { document, model } = startDocument(starting);
    const start = { ...starting, recordedAs: digestOf(document) };
    const told = new Telling(start, now);
    for (let comment = 0; comment < comments; comment++)
      told.command('comment', { gate: 'start', comment: REASON });
    if (n % 4 === 1) told.approve();
    if (n % 4 === 3) told.command('hold', { effect: 'forward', scope: 'candidate', reason: REASON });
    return { key: start.key, team, documents: [model, document], entries: told.entries };
  };
}

const starts = {
  pilot: (start: StartInput): StartInput => start,
  governed: ({ pilot, rights, actor, ...start }: StartInput): StartInput => {
    const owner = pilot?.partner ?? actor.person;
    const lead = start.team.lead;
    const more = { changeApprover: lead, conflictResolver: lead, stopShipHolder: [lead] };
    const owners = { businessOwner: owner, operatingOwner: owner, technicalOwner: actor.person, ...more };
    return { ...start, actor, mode: 'governed', pilot: null, rights: { ...rights, ...owners } };
  },
};

/** The same start of another key by people of another team. */
function renamed(start: StartInput, key: string, team: string, n: number): StartInput {
  const { model, ...own } = start;
  const person = (id: string) => (id === 'partner' && n % SHARED_EVERY === 0 ? id : `${id}-of-${team}`);
  const text = JSON.stringify({ ...own, key, title: `${start.title}, ${n}` })
    .replaceAll('"bench"', `"${team}"`)
    .replaceAll(/"(lead|builder|partner)"(?!:)/g, (_, id: string) => `"${person(id)}"`);
  return { ...(JSON.parse(text) as Omit<StartInput, 'model'>), model };
}

class Telling {
  readonly entries: LedgerEntry[] = [];
  readonly #start: StartInput;
  readonly #now: number;
  #state: State;

  constructor(start: StartInput, now: number) {
    this.#start = start;
    this.#now = now;
    const { events, state } = begin(start, now);
    this.#state = state;
    this.#record(events);
    this.#perform();
  }

  command(name: 'comment' | 'hold' | 'decide', payload: object): void {
    const { actor, pilot } = this.#start;
    const partner = { ...actor, person: pilot?.partner ?? '', functions: ['product'] };
    const by = name === 'decide' ? partner : actor;
    this.#take(
      decide({ name, id: `${this.entries.length}`, actor: by, payload } as never, this.#state, this.#now),
    );
  }

  approve(): void {
    const gate = this.#state.gates['start'];
    if (gate === undefined) throw new Error('the pilot has no start gate');
    const { generation, subject } = gate;
    this.command('decide', { gate: 'start', generation, subject, decision: 'approve' });
  }

  /** What the activities would do, at once. */
  #perform(): void {
    for (;;) {
      const [report] = work(this.#state).flatMap((wanted) => outcomeOf(wanted) ?? []);
      if (report === undefined) return;
      this.#take(react(report, this.#state, this.#now));
    }
  }

  #take(outcome: Outcome): void {
    if ('rejected' in outcome)
      throw new Error(`refused: ${outcome.reasons.map(({ message }) => message).join()}`);
    this.#state = outcome.state;
    this.#record(outcome.events);
    this.#perform();
  }

  #record(events: readonly Event[]): void {
    const { key, actor } = this.#start;
    for (const { type, ...data } of events) {
      const seq = this.entries.length + 1;
      const id = `lifecycle/${key}/${seq}`;
      const cause = { by: actor.person, command: 'comment', at: this.#now };
      this.entries.push({ id, lifecycle: key, kind: 'event', seq, type, ...cause, data: data as Json });
    }
  }
}

function outcomeOf(wanted: Work): Report | null {
  switch (wanted.kind) {
    case 'confirm-gate': {
      const { gate, generation, approvers } = wanted;
      return {
        type: 'gate-confirmed',
        gate,
        generation,
        asked: approvers.map(({ person }) => person),
        ineligible: [],
      };
    }
    case 'set-exposure':
      return { type: 'exposure-applied', fence: wanted.fence, allocation: wanted.allocation };
    case 'notify':
      return { type: 'notices-delivered', ids: wanted.notices.map(({ id }) => id) };
    case 'verify':
    case 'watch':
    case 'confirm-holders':
      return null;
  }
}

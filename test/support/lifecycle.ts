/** What lifecycles are started with in tests of the shell: shipped models, the people of the examples, short forms. */
import { randomUUID } from 'node:crypto';
import { readSpec } from '../../src/contracts/compile-spec.js';
import type { Envelope } from '../../src/contracts/envelope.js';
import type { BusinessDuration } from '../../src/domain/calendar/calendar.js';
import type { CommandName, Payloads } from '../../src/domain/commands/payloads.js';
import { digestOf } from '../../src/domain/digest.js';
import type { Facts } from '../../src/domain/governance/facts.js';
import type { Json } from '../../src/domain/json.js';
import type { Actor } from '../../src/domain/lifecycle/actor.js';
import { CURRENT_ENGINE } from '../../src/domain/lifecycle/engine.js';
import type { StartInput } from '../../src/domain/lifecycle/start-input.js';
import type { OperatingModel, TierRules } from '../../src/domain/policy.js';
import type { CompiledSpec } from '../../src/domain/spec/spec.js';
import type { Directory } from '../../src/ports/directory.js';
import { shipped } from '../operating-models/shipped-models.js';
import { recordedStart } from './recorded-start.js';

/** The team of the second example; `people.yaml` says who is who. */
const TEAM = 'tax-filing';

export const digest = (text: string): string => digestOf({ text });

/** The mildest answer to every question, and those given on top. */
function facts(model: OperatingModel, stated: Facts = {}): Facts {
  const mildest = model.facts.map((fact) => [
    fact.id,
    fact.type === 'several' ? [] : (fact.answers[0] ?? ''),
  ]);
  return { ...Object.fromEntries(mildest), ...stated };
}

/** Personal data alone makes the tier medium: two gates of two seats, canary 10, 50 and 100 %. */
export const MEDIUM: Facts = { data: 'personal' };

export interface GateTimes {
  readonly sla: BusinessDuration;
  readonly every: BusinessDuration;
  readonly reminders?: readonly number[];
}

/** The model with other times at the gates of governed use cases; rules, seats and chains stay. */
export function withGateTimes(model: OperatingModel, { sla, every, reminders }: GateTimes): OperatingModel {
  const retime = (rules: TierRules): TierRules => ({
    ...rules,
    gates: Object.fromEntries(
      Object.entries(rules.gates).map(([name, rule]) => [
        name,
        { ...rule, sla, reminders: reminders ?? rule.reminders, escalation: { ...rule.escalation, every } },
      ]),
    ),
  });
  const { low, medium, high } = model.rules.governed;
  const governed = { low: retime(low), medium: retime(medium), high: retime(high) };
  return { ...model, rules: { ...model.rules, governed } };
}

export const seconds = (n: number): BusinessDuration => ({ unit: 'bs', n });
export const hours = (n: number): BusinessDuration => ({ unit: 'bh', n });

export const demoModel = (): OperatingModel => shipped('demo').model;
export const standardModel = (): OperatingModel => shipped('standard').model;

/** A check that takes the release back when more than one case in a thousand is wrong. */
export const FALSE_COMMITMENTS = {
  id: 'c1',
  metric: 'false-commitment-rate',
  op: '<=',
  value: 0.001,
  at: ['canary'],
  minSample: 100,
  onBreach: 'roll-back',
} as const;

/** A small spec, parsed and compiled as the API does it; `title` makes it another one. */
export function compiledSpec(title = 'first', checks: readonly object[] = []): CompiledSpec {
  const read = readSpec({
    spec: 'tax-filing',
    purpose: `Remind people of dates; ${title}.`,
    may: [{ id: 'y1', action: 'remind' }],
    mustNot: [{ id: 'n1', action: 'promise a waiver', onAttempt: 'block' }],
    ...(checks.length > 0 && { checks }),
    fallback: { manual: 'the desk writes', runbook: 'RB-1', standsFor: '5d' },
  });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.compiled;
}

/** Somebody of the directory as the API presents them to a lifecycle. */
export async function actorOf(directory: Directory, person: string): Promise<Actor> {
  const known = await directory.person(person);
  if (known === undefined) throw new Error(`nobody is called ${person} in the people file`);
  const { functions, roles, teams } = known;
  return { person, functions, roles, teams, verified: false };
}

export interface Starting {
  readonly key: string;
  readonly model: OperatingModel;
  readonly facts?: Facts;
  /** A calendar of the model other than the team's own. */
  readonly calendar?: string;
  readonly engine?: StartInput['engine'];
  /** Who must answer for what, over the team's own rights. */
  readonly pilotEndsAt?: number;
}

/** The start of a lifecycle of the team: by hari; a pilot with leena as its partner. */
export async function startInput(directory: Directory, starting: Starting): Promise<StartInput> {
  const { key, model, engine = CURRENT_ENGINE, pilotEndsAt } = starting;
  const [team, members] = await Promise.all([directory.team(TEAM), directory.members(TEAM)]);
  if (team === undefined) throw new Error(`there is no team ${TEAM} in the people file`);
  const { lead, heads, rights } = team;
  return recordedStart({
    engine,
    key,
    title: `Tax-filing payment assistant (${key})`,
    mode: pilotEndsAt === undefined ? 'governed' : 'pilot',
    actor: await actorOf(directory, 'hari'),
    team: {
      id: TEAM,
      calendar: starting.calendar ?? team.calendar,
      lead,
      heads,
      members: members.map(({ id: person, functions }) => ({ person, functions })),
    },
    model,
    rights: { ...rights, stopShipHolder: rights.stopShipHolder ?? [] },
    facts: facts(model, starting.facts),
    brief: { digest: digest('brief'), missing: [] },
    pilot:
      pilotEndsAt === undefined
        ? null
        : {
            spec: compiledSpec('pilot'),
            cohort: { digest: digest('cohort'), people: 20 },
            endsAt: pilotEndsAt,
            partner: 'leena',
            release: digest('pilot release'),
          },
  });
}

/** A command as the API sends it, with the digest of its body, under an id of its own unless one is given. */
export function envelope<N extends CommandName>(
  actor: Actor,
  payload: Payloads[N],
  id: string = randomUUID().replaceAll('-', ''),
): Envelope<N> {
  return { id, digest: digestOf(payload as unknown as Json).slice('sha256:'.length, 30), actor, payload };
}

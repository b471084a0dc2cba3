/** The form of a journey file: what people do with a use case, what is waited for, and what must come of it. */
import { z } from 'zod';
import { COMMAND_BODIES } from '../../contracts/commands.js';
import { elapsedTime } from '../../contracts/duration-text.js';
import { lifecycleView } from '../../contracts/view.js';

const person = z.string().min(1);
const commandName = z.enum(Object.keys(COMMAND_BODIES) as [keyof typeof COMMAND_BODIES]);

/** What a view must show, all of it. Left out: not looked at. */
const condition = z.strictObject({
  stage: lifecycleView.shape.stage.optional(),
  /** Step of the open delivery, or `none`. */
  delivery: z.string().optional(),
  /** Ids of the open gates. */
  gates: z.array(z.string()).optional(),
  /** Sources of the open holds. */
  holds: z.array(z.string()).optional(),
  /** Rollout step and phase, such as `shadow soaking`. */
  rollout: z.string().optional(),
  /** Label of the release that serves, or `fallback`. */
  serving: z.string().optional(),
  /** Percent of the traffic that releases take, read back from the target. */
  exposure: z.number().optional(),
  /** Who is waited for, such as `right:operatingOwner`. */
  waitsFor: z.string().optional(),
  /** The verification that comes next is no further away than this, at the model's time scale. */
  verifiedWithin: elapsedTime.optional(),
});
export type Condition = z.output<typeof condition>;

/** A refusal that is expected: its code, and what a reason is about. */
const refused = { refused: z.string().optional(), about: z.string().optional() };

const heading = z.strictObject({ chapter: z.string() });
/** A step of the scenario that needs what is not there yet. */
const skipped = z.strictObject({ skipped: z.string(), because: z.string() });
const start = z.strictObject({ by: person, start: z.string(), ...refused });
const act = z.strictObject({ by: person, do: commandName, with: z.unknown().optional(), ...refused });
/** `by` may be several people, one after the other. `opening`: an earlier one than what is open now. */
const decision = z.strictObject({
  by: z.union([person, z.array(person).min(1)]),
  at: z.string(),
  decide: COMMAND_BODIES.decide.body.shape.decision,
  opening: z.int().min(1).optional(),
  clauses: z.array(z.string()).optional(),
  say: z.string().optional(),
  ...refused,
});
const wait = z.strictObject({ until: condition, within: elapsedTime.default('60s') });
/** What must be so now. */
const look = z.strictObject({ see: condition });

const step = z.union([heading, skipped, start, act, decision, wait, look]);
export type Step = z.output<typeof step>;
export type StartStep = z.output<typeof start>;
export type ActStep = z.output<typeof act>;
export type DecisionStep = z.output<typeof decision>;

export const journeyForm = z.strictObject({
  title: z.string(),
  /** The example's own key: what every file of it is written for. */
  key: z.string(),
  steps: z.array(step).min(1),
  /** Event types that are no part of the sequence, each with why. */
  leftOut: z.record(z.string(), z.string()).default({}),
  /** Lines as `eventLine` writes them: everything that happens, in order. */
  expectedEvents: z.array(z.string()),
  /** Lines as `refusalLine` writes them: everything that is refused, in order. */
  expectedRefusals: z.array(z.string()).default([]),
});
export type Journey = z.output<typeof journeyForm>;

/** A file of metrics/: what will be measured of one release. */
export const measuredForm = z.strictObject({
  release: z.string(),
  series: z.array(
    z.looseObject({ step: z.string(), metric: z.string(), points: z.array(z.record(z.string(), z.json())) }),
  ),
});

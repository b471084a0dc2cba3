/** What stands against going forward, and what two people may pass in spite of it. */
import { z } from 'zod';
import type { OperatingModel } from '../../domain/policy.js';
import { HOLD_EFFECTS } from '../../domain/vocabulary.js';
import { elapsedOf, elapsedTime } from '../duration-text.js';
import { compileGate } from './compile-gate.js';
import { writtenGate } from './gates.js';
import { authority, authorityOf } from './words.js';

/** Exits of stages whose approval can be missing in an emergency; the others decide on the use case itself. */
const PASSABLE = ['specification', 'launch', 'readiness', 'change'] as const;

const control = z.string().regex(/^(queue-load|evidence:[A-Za-z0-9]+(-[A-Za-z0-9]+)*)$/, {
  error: 'write queue-load, or evidence: and the kind of evidence, such as evidence:vendor-review',
});

export const writtenBreakGlass = z.strictObject({
  keys: z.array(authority).min(2).max(3),
  gates: z.array(z.enum(PASSABLE)).max(PASSABLE.length),
  freezes: z.boolean(),
  longest: elapsedTime,
  // Missed, it holds: what was passed by two people alone never stands by itself.
  retrospective: writtenGate.omit({ timeout: true }),
});

export const writtenExceptions = z.strictObject({
  keys: z.array(authority).min(2).max(3),
  longest: elapsedTime,
  mayPass: z.array(control).max(20),
});

export const writtenOverdue = z
  .strictObject({
    condition: z.enum(HOLD_EFFECTS),
    exception: z.enum(HOLD_EFFECTS),
    retrospective: z.enum(HOLD_EFFECTS),
  })
  .meta({ description: 'The effect of the hold where something promised is not there in time.' });

type Rules<K extends 'breakGlass' | 'exceptions'> = NonNullable<OperatingModel[K]>;

export function compileBreakGlass(written: z.output<typeof writtenBreakGlass>): Rules<'breakGlass'> {
  const { keys, gates, freezes, longest, retrospective } = written;
  return {
    keys: keys.map(authorityOf),
    gates,
    freezes,
    longest: elapsedOf(longest),
    retrospective: compileGate({ ...retrospective, timeout: 'hold' }),
  };
}

export function compileExceptions(written: z.output<typeof writtenExceptions>): Rules<'exceptions'> {
  const { keys, longest, mayPass } = written;
  const controls = mayPass as Rules<'exceptions'>['mayPass'];
  return { keys: keys.map(authorityOf), longest: elapsedOf(longest), mayPass: controls };
}

/** Webhooks of Alertmanager (version 4), and the answer to each of their alerts. */
import { z } from 'zod';
import { PROBLEMS, type ProblemCode } from './problem.js';

/** Most alerts of one webhook; `max_alerts` of the receiver keeps below. */
const MAX_ALERTS = 200;

/** The body; what an alert says is read one by one, so that a strange one takes none of the others with it. */
export const alertmanagerForm = z.object({
  version: z.literal('4', { error: 'only version 4 of Alertmanager is understood' }),
  alerts: z.array(z.unknown()).max(MAX_ALERTS),
});

const word = (max: number) => z.string().min(1).max(max);

/** One alert that the rules compiled from a spec raise: they put these labels there. */
export const alertForm = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: z.object({
    airworthy_lifecycle: word(64),
    airworthy_clause: z.exactOptional(word(64)),
    /** In place of the clause: nothing is measured of it. */
    airworthy_silent_clause: z.exactOptional(word(64)),
    airworthy_release: z.exactOptional(word(64)),
    airworthy_group: z.exactOptional(word(80)),
  }),
  annotations: z.object({ airworthy_value: z.exactOptional(z.string().max(64)) }),
  startsAt: z.iso.datetime({ offset: true }),
  fingerprint: word(64),
});
export type Alert = z.output<typeof alertForm>;

/** What became of an alert. `noted`: it is about silence, on which the guard acts by itself. */
const ALERT_RESULTS = ['taken', 'unchanged', 'noted', 'refused'] as const;

const code = z.enum(Object.keys(PROBLEMS) as ProblemCode[]);

/** The answer, in the order of the alerts. */
export const alertmanagerAnswer = z.object({
  results: z.array(
    z.object({
      alert: z.string().nullable().meta({ description: 'Its fingerprint, where it has one.' }),
      lifecycle: z.string().nullable(),
      clause: z.string().nullable(),
      result: z.enum(ALERT_RESULTS),
      code: code.nullable().meta({ description: 'Why it is refused.' }),
      message: z.string().nullable(),
    }),
  ),
});
export type AlertResult = z.output<typeof alertmanagerAnswer>['results'][number];

/** The one argument of the signal `join` of a digest. The sandbox reads it, so nothing heavy is imported. */
import { z } from 'zod';
import { NOTICE_KINDS } from '../domain/lifecycle/telling.js';

/** The end of the year 9999, in milliseconds: a timer that is set for later is refused, and with it the whole task. */
const LATEST = 253_402_300_799_999;

const name = z.string().min(1).max(200);
const instant = z.number().min(0).max(LATEST);

// Fields that a later version adds are left out: for their sake nobody should miss a notice.
const form = z.object({
  item: z.object({
    lifecycle: name,
    title: z.string().max(1_000).nullable(),
    notice: name,
    kind: z.enum(NOTICE_KINDS),
    gate: name.nullable(),
    seats: z.array(name).max(100),
    due: instant.nullable(),
    dueLocal: name.nullable(),
  }),
  at: instant,
});

/** What joins a digest, and when it is to be told in milliseconds; undefined where a message is nothing of the kind. */
export function parseGathered(message: unknown): z.output<typeof form> | undefined {
  return form.safeParse(message).data;
}

import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import { z } from 'zod';
import { canonicalForm } from '../domain/digest.js';
import { NOTICE_KINDS } from '../domain/lifecycle/telling.js';
import { type Notice, type Notifier, NotifierUnavailable } from '../ports/notifier.js';
import { JsonLines } from './json-lines.js';
import { reason } from './system-error.js';

/** A file that notices are kept in. */
export interface Mailbox extends Notifier {
  /** Keeps each once by its id. Throws `NotifierUnavailable`. */
  keep(notices: readonly Notice[]): Promise<void>;
  close(): Promise<void>;
}

const noticeForm = z.strictObject({
  id: z.string(),
  lifecycle: z.string(),
  kind: z.enum(NOTICE_KINDS),
  to: z.array(z.string()),
  gate: z.string().nullable(),
  due: z.number().nullable(),
}) satisfies z.ZodType<Notice>;

/**
 * Delivers to one append-only file for everybody, and a line in the log. The file itself remembers which
 * ids were delivered.
 */
export async function openMailboxNotifier(
  path: string,
  log: Pick<Logger, 'info' | 'warn'>,
): Promise<Mailbox> {
  await mkdir(dirname(path), { recursive: true });
  const delivered = new Set<string>();
  const file = new JsonLines(
    path,
    {
      reset: () => delivered.clear(),
      line: (line) => void delivered.add(noticeForm.parse(JSON.parse(line)).id),
    },
    log,
  );

  const keep = async (notices: readonly Notice[]): Promise<void> => {
    let fresh: Notice[] = [];
    try {
      await file.append(() => {
        fresh = notices.filter(({ id }) => !delivered.has(id) && delivered.add(id));
        return fresh.map(canonicalForm);
      });
    } catch (cause) {
      throw new NotifierUnavailable(`the mailbox cannot be written: ${reason(cause)}`, { cause });
    }
    for (const notice of fresh) log.info({ notice }, 'delivered a notice');
  };

  return {
    keep,
    deliver: ({ lifecycle, notices }) =>
      keep(
        notices.map(({ id, kind, to, gate, due }) => ({
          id: `${lifecycle}/${id}`,
          lifecycle,
          kind,
          to,
          gate,
          due,
        })),
      ),
    close: () => file.close(),
  };
}

import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import { z } from 'zod';
import { canonicalForm } from '../domain/digest.js';
import { type Notice, type Notifier, NotifierUnavailable } from '../ports/notifier.js';
import { JsonLines } from './json-lines.js';
import { reason } from './system-error.js';

const noticeForm = z.strictObject({
  id: z.string(),
  lifecycle: z.string(),
  kind: z.string(),
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
): Promise<Notifier & { close(): Promise<void> }> {
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

  return {
    async deliver(notices) {
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
    },
    close: () => file.close(),
  };
}

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openMailboxNotifier } from '../../src/adapters/mailbox-notifier.js';
import { type Notice, NotifierUnavailable } from '../../src/ports/notifier.js';
import { temporaryFolder } from '../ports/temporary-folder.js';

function notice(n: number): Notice {
  return {
    id: `kyc/notice/${n}`,
    lifecycle: 'kyc',
    kind: 'reminder',
    to: ['gita'],
    gate: 'readiness',
    due: 1_000,
  };
}

async function open(path: string) {
  const log = { info: vi.fn(), warn: vi.fn() };
  const notifier = await openMailboxNotifier(path, log);
  onTestFinished(() => notifier.close());
  const mail = async (): Promise<Notice[]> =>
    (await readFile(path, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  return { notifier, log, mail };
}

describe('the mailbox', () => {
  it('takes each notice once, by id, over a restart too', async () => {
    const path = join(await temporaryFolder(), 'mail', 'mailbox.jsonl');
    const first = await open(path);
    await first.notifier.deliver([notice(1), notice(2), notice(1)]);
    await Promise.all([first.notifier.deliver([notice(2), notice(3)]), first.notifier.deliver([notice(3)])]);
    expect(await first.mail()).toEqual([notice(1), notice(2), notice(3)]);
    expect(first.log.info).toHaveBeenCalledTimes(3);
    await first.notifier.close();

    const second = await open(path);
    await second.notifier.deliver([notice(3), notice(4)]);
    expect(await second.mail()).toEqual([1, 2, 3, 4].map(notice));
    expect(second.log.info).toHaveBeenCalledExactlyOnceWith({ notice: notice(4) }, expect.any(String));
  });

  it('is unavailable while its folder is away, and delivers when it is back', async () => {
    const folder = join(await temporaryFolder(), 'mail');
    const { notifier, mail } = await open(join(folder, 'mailbox.jsonl'));
    await notifier.deliver([notice(1)]);
    await rename(folder, `${folder}-away`);
    await expect(notifier.deliver([notice(2)])).rejects.toThrow(NotifierUnavailable);
    await rename(`${folder}-away`, folder);
    await notifier.deliver([notice(2)]);
    expect(await mail()).toEqual([notice(1), notice(2)]);
  });

  it('does not write to a file that holds something else', async () => {
    const folder = join(await temporaryFolder(), 'mail');
    await mkdir(folder);
    await writeFile(join(folder, 'mailbox.jsonl'), 'Dear all,\n');
    const { notifier } = await open(join(folder, 'mailbox.jsonl'));
    await expect(notifier.deliver([notice(1)])).rejects.toThrow(/byte 0/);
  });
});

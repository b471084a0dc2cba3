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
  it('keeps what a lifecycle tells under ids that are unique across lifecycles', async () => {
    const path = join(await temporaryFolder(), 'mail', 'mailbox.jsonl');
    const { notifier, mail } = await open(path);
    const raised = { id: 'n1', kind: 'reminder', to: ['gita'], gate: 'readiness', due: 1_000 } as const;
    const told = { ...raised, seats: { gita: ['governance'] }, dueLocal: '1970-01-01 00:00 Etc/UTC' };
    await notifier.deliver({ lifecycle: 'kyc', title: 'KYC', team: 'brokers', notices: [told] });
    expect(await mail()).toEqual([{ ...raised, lifecycle: 'kyc', id: 'kyc/n1' }]);
  });

  it('takes each notice once, by id, over a restart too', async () => {
    const path = join(await temporaryFolder(), 'mail', 'mailbox.jsonl');
    const first = await open(path);
    await first.notifier.keep([notice(1), notice(2), notice(1)]);
    await Promise.all([first.notifier.keep([notice(2), notice(3)]), first.notifier.keep([notice(3)])]);
    expect(await first.mail()).toEqual([notice(1), notice(2), notice(3)]);
    expect(first.log.info).toHaveBeenCalledTimes(3);
    await first.notifier.close();

    const second = await open(path);
    await second.notifier.keep([notice(3), notice(4)]);
    expect(await second.mail()).toEqual([1, 2, 3, 4].map(notice));
    expect(second.log.info).toHaveBeenCalledExactlyOnceWith({ notice: notice(4) }, expect.any(String));
  });

  it('is unavailable while its folder is away, and delivers when it is back', async () => {
    const folder = join(await temporaryFolder(), 'mail');
    const { notifier, mail } = await open(join(folder, 'mailbox.jsonl'));
    await notifier.keep([notice(1)]);
    await rename(folder, `${folder}-away`);
    await expect(notifier.keep([notice(2)])).rejects.toThrow(NotifierUnavailable);
    await rename(`${folder}-away`, folder);
    await notifier.keep([notice(2)]);
    expect(await mail()).toEqual([notice(1), notice(2)]);
  });

  it('does not write to a file that holds something else', async () => {
    const folder = join(await temporaryFolder(), 'mail');
    await mkdir(folder);
    await writeFile(join(folder, 'mailbox.jsonl'), 'Dear all,\n');
    const { notifier } = await open(join(folder, 'mailbox.jsonl'));
    await expect(notifier.keep([notice(1)])).rejects.toThrow(/byte 0/);
  });
});

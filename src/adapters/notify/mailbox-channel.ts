import { type Channel, ChannelUnavailable } from '../../ports/channel.js';
import type { Mailbox } from '../mailbox-notifier.js';

/** Keeps what a person is told in the mailbox of development, each notice once for each person. */
export function createMailboxChannel(mailbox: Pick<Mailbox, 'keep'>): Channel {
  return {
    async send({ person, items }) {
      const notices = items.map(({ notice, lifecycle, kind, gate, due }) => ({
        id: `${notice}/${person}`,
        lifecycle,
        kind,
        to: [person],
        gate,
        due,
      }));
      await mailbox.keep(notices).catch(() => {
        throw new ChannelUnavailable('the mailbox cannot be written');
      });
    },
  };
}

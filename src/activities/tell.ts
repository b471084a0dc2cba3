/** What telling one person takes: how they are reached, and one message over one channel. */
import { ApplicationFailure, Context } from '@temporalio/activity';
import { digestOf } from '../domain/digest.js';
import { tellAt } from '../domain/lifecycle/telling.js';
import {
  CHANNELS,
  type Channel,
  type ChannelName,
  ChannelUnavailable,
  type MessageItem,
  type Preferences,
} from '../ports/channel.js';
import type { Directory } from '../ports/directory.js';
import { type Addressed, type Gathered, type NoticeInput, TRYING } from '../workflows/messages/notices.js';
import type { Activities, Route } from './types.js';

export interface TellDependencies {
  readonly directory: Pick<Directory, 'person'>;
  readonly preferences: Preferences;
  readonly channels: { readonly [C in ChannelName]?: Channel };
  /** Gathers a notice for later; once by its workflow, however often it is asked to. */
  readonly join: (notice: Gathered, asked: NoticeInput) => Promise<void>;
}

const HOUR_MS = 3_600_000;

/** Looks up what holds now, every time: addresses never travel through Temporal. */
export function createTell(dependencies: TellDependencies): Pick<Activities, 'routeNotice' | 'sendMessage'> {
  const { directory, preferences, channels, join } = dependencies;

  const reach = async ({ person, team }: Addressed) => {
    const [known, reached] = await Promise.all([directory.person(person), preferences.reach(person, team)]);
    // Whoever has left is not written to any more.
    return known?.active === true ? reached : { ...reached, addresses: {} };
  };

  return {
    async routeNotice(asked): Promise<Route> {
      const { addresses, ...habits } = await reach(asked);
      const over = CHANNELS.filter((name) => addresses[name] !== undefined && channels[name]);
      const [item] = asked.items;
      const { now } = asked;
      const at = item && asked.mayWait && over.length > 0 ? tellAt(item, habits, now) : now;
      if (!item || at <= now) return { over };
      await join({ item, at }, asked);
      return 'gathered';
    },

    async sendMessage({ channel: name, ...asked }) {
      const { addresses } = await reach(asked);
      const address = addresses[name];
      const channel = channels[name];
      if (address === undefined || channel === undefined)
        throw ApplicationFailure.create({
          type: 'AddressRefused',
          message: `no address for ${name} any more`,
        });
      const message = { key: keyOf(asked, name), person: asked.person, items: asked.items };
      try {
        await channel.send(message, address, Context.current().cancellationSignal);
      } catch (error) {
        if (!(error instanceof ChannelUnavailable) || error.retryAfterMs === null) throw error;
        throw ApplicationFailure.create({
          type: error.name,
          message: error.message,
          nextRetryDelay: pauseFor(error.retryAfterMs, Context.current().info.attempt),
        });
      }
    },
  };
}

/** As long as the other side asks, but never sooner than without its word, and within the hour. */
function pauseFor(askedMs: number, attempt: number): number {
  const ownMs = Math.min(TRYING.longestMs, TRYING.firstMs * 2 ** (attempt - 1));
  return Math.min(HOUR_MS, Math.max(ownMs, askedMs));
}

/** Notice, person and channel: what receivers know a message by, whichever attempt it is. */
function keyOf({ person, items }: Addressed, channel: ChannelName): string {
  // A full stop parts the fields of what a webhook signs.
  const reader = encodeURIComponent(person).replaceAll('.', '%2E');
  return `${nameOf(items)}/${reader}/${channel}`;
}

function nameOf(items: readonly MessageItem[]): string {
  const [first, ...others] = items.map(({ notice }) => notice);
  if (first === undefined || others.length === 0) return first ?? '';
  return `digest-${digestOf([first, ...others]).slice('sha256:'.length, 39)}`;
}

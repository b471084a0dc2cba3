import type { Notice } from '../domain/lifecycle/state.js';
import type { Habits } from '../domain/lifecycle/telling.js';
import type { Instant, PersonId } from '../domain/vocabulary.js';

/** The ways to somebody; `mailbox` is the file of development. */
export const CHANNELS = ['email', 'webhook', 'slack', 'mailbox'] as const;
export type ChannelName = (typeof CHANNELS)[number];

/** One thing that waits for somebody. Of free text it has the title, and of people nobody but its reader. */
export interface MessageItem {
  readonly lifecycle: string;
  readonly title: string | null;
  /** The notice's id, unique across lifecycles. */
  readonly notice: string;
  readonly kind: Notice['kind'];
  readonly gate: string | null;
  readonly seats: readonly string[];
  readonly due: Instant | null;
  /** `due` with its zone, such as `2026-11-24 16:00 Asia/Kolkata`. */
  readonly dueLocal: string | null;
}

/** What one person is told at once, over one channel. */
export interface Message {
  /** The same whenever this message is sent again: receivers know it by that. */
  readonly key: string;
  readonly person: PersonId;
  /** At least one. */
  readonly items: readonly MessageItem[];
}

export interface Channel {
  /**
   * Sends a message to an address of this channel; returns once the other side has taken it. Throws
   * `ChannelUnavailable` and `AddressRefused`, whose messages name no address: they travel to Temporal.
   */
  send(message: Message, address: string, signal: AbortSignal): Promise<void>;
}

/** It may not have arrived; sending it again is safe. */
export class ChannelUnavailable extends Error {
  override readonly name = 'ChannelUnavailable';
  readonly code = 'channel-unavailable';
  /** How long the other side asks to be left alone, in milliseconds. */
  readonly retryAfterMs: number | null;

  constructor(message: string, retryAfterMs: number | null = null) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The other side takes nothing for this address, or it must not be called: somebody has to correct it. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  readonly code = 'address-refused';
}

/** How to reach somebody: an address for each channel that they are told over. */
export interface Reach extends Habits {
  readonly addresses: { readonly [C in ChannelName]?: string };
}

export interface Preferences {
  /** What holds for a person in a team; without addresses they cannot be reached. Throws `PreferencesUnavailable`. */
  reach(person: PersonId, team: string | null): Promise<Reach>;
}

/** Nobody can say now how people are reached: whoever asks must wait. */
export class PreferencesUnavailable extends Error {
  override readonly name = 'PreferencesUnavailable';
  readonly code = 'preferences-unavailable';
}

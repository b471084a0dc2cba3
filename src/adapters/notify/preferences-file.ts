import { compileCalendar } from '../../contracts/compile-calendar.js';
import { elapsedOf } from '../../contracts/duration-text.js';
import type { CompiledCalendar } from '../../domain/calendar/calendar.js';
import {
  type ChannelName,
  type Preferences,
  PreferencesUnavailable,
  type Reach,
} from '../../ports/channel.js';
import { reason } from '../system-error.js';
import { followYamlFile } from '../yaml-file.js';
import { type PreferencesForm, preferencesForm } from './preferences-form.js';

interface Read {
  readonly written: PreferencesForm;
  readonly calendars: ReadonlyMap<string, CompiledCalendar>;
}

/** How people are told, as a YAML file, read again whenever it was written to. A file that is wrong is unavailable. */
export function createPreferencesFile(path: string): Preferences {
  const file = followYamlFile(path, preferencesForm, compiled);

  const current = async (): Promise<Read> => {
    try {
      return await file();
    } catch (error) {
      // Without its cause: this travels to Temporal, and a problem may quote an address.
      throw new PreferencesUnavailable(`the notify file cannot be used: ${withoutAddresses(reason(error))}`);
    }
  };

  return {
    async reach(person, team) {
      const { written, calendars } = await current();
      const own = written.people[person] ?? {};
      const ofTeam = (team === null ? undefined : written.teams[team]) ?? {};
      return reachOf({ ...written.everybody, ...ofTeam, ...own }, calendars);
    },
  };
}

type Preference = PreferencesForm['people'][string];

function reachOf(
  { email, webhook, slack, mailbox, digest, hours }: Preference,
  calendars: ReadonlyMap<string, CompiledCalendar>,
): Reach {
  const addresses: [ChannelName, string | undefined][] = [
    ['email', email],
    ['webhook', webhook],
    ['slack', slack],
    ['mailbox', mailbox === true ? 'mailbox' : undefined],
  ];
  return {
    addresses: Object.fromEntries(addresses.filter(([, address]) => address !== undefined)),
    digestMs: digest === undefined || digest === 'none' ? 0 : elapsedOf(digest),
    hours: (hours !== undefined && calendars.get(hours)) || null,
  };
}

function compiled(written: PreferencesForm): Read {
  const calendars = Object.entries(written.calendars).map(([id, calendar]) => compileCalendar(id, calendar));
  return { written, calendars: new Map(calendars.map((each) => [each.id, each])) };
}

function withoutAddresses(text: string): string {
  return text.replace(/\S+@\S+|https?:\/\/\S+/g, '…');
}

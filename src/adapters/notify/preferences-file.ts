import { readFile, stat } from 'node:fs/promises';
import { compileCalendar } from '../../contracts/compile-calendar.js';
import { elapsedOf } from '../../contracts/duration-text.js';
import { parseForm } from '../../contracts/form.js';
import { describeProblem } from '../../contracts/read-operating-model.js';
import { readYaml } from '../../contracts/yaml-source.js';
import type { CompiledCalendar } from '../../domain/calendar/calendar.js';
import {
  type ChannelName,
  type Preferences,
  PreferencesUnavailable,
  type Reach,
} from '../../ports/channel.js';
import { reason } from '../system-error.js';
import { type PreferencesForm, preferencesForm } from './preferences-form.js';

interface Read {
  readonly version: string;
  readonly written: PreferencesForm;
  readonly calendars: ReadonlyMap<string, CompiledCalendar>;
}

/** How people are told, as a YAML file, read again whenever it was written to. A file that is wrong is unavailable. */
export function createPreferencesFile(path: string): Preferences {
  let read: Promise<Read> | undefined;

  const current = async (): Promise<Read> => {
    try {
      const { mtimeMs, size, ino } = await stat(path);
      const version = `${ino}.${mtimeMs}.${size}`;
      const last = await read?.catch(() => undefined);
      if (last?.version === version) return last;
      read = load(path, version);
      return await read;
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

async function load(path: string, version: string): Promise<Read> {
  const yaml = readYaml(path, await readFile(path, 'utf8'));
  if (!yaml.ok) throw new Error(yaml.problems.map(describeProblem).join('\n'));
  const form = parseForm(preferencesForm, yaml.source.value);
  if (!form.ok) {
    const placed = form.problems.map((problem) => ({ ...yaml.source.locate(problem.path), ...problem }));
    throw new Error(placed.map(describeProblem).join('\n'));
  }
  const calendars = Object.entries(form.value.calendars).map(([id, written]) => compileCalendar(id, written));
  return { version, written: form.value, calendars: new Map(calendars.map((each) => [each.id, each])) };
}

function withoutAddresses(text: string): string {
  return text.replace(/\S+@\S+|https?:\/\/\S+/g, '…');
}

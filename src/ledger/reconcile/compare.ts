import { parseEnvelope } from '../../contracts/envelope.js';
import { API_IDENTITY } from '../../contracts/identities.js';
import type { CommandName } from '../../domain/commands/payloads.js';
import { COMMAND_NAMES } from '../../domain/commands/table.js';
import { digestOf } from '../../domain/digest.js';
import { type StartInput, startDocument } from '../../domain/lifecycle/start-input.js';
import type { FindingKind, Instant } from '../../domain/vocabulary.js';
import type { Act, Message, Started } from './acts.js';
import type { Finding } from './finding.js';

/** The run that acts were seen in, and what is known of its lifecycle besides. */
export interface Setting {
  /** null for a workflow under an id that no lifecycle has. */
  readonly lifecycle: string | null;
  readonly runId: string;
  /** Whether the ledger has it retired. */
  readonly retired: boolean;
  /** Whether another run has taken this one's place, as a reset makes it. */
  readonly superseded: boolean;
  /** The identity that messages of ours have; the API's unless given. */
  readonly ours?: string;
}

/** Type of the workflow that carries a lifecycle. */
const LIFECYCLE = 'lifecycle';
/** Signals that only wake a lifecycle or make it stricter: the worker's own, and those of a new release's roll-out. */
const OWN_SIGNALS: readonly string[] = ['poke', 'report-finding'];

/** What among the acts of one run went past us. Pure: what it needs to know is in its arguments. */
export function findingsIn(acts: readonly Act[], setting: Setting): Finding[] {
  return acts.flatMap((act) => {
    const found = judge(act, setting);
    if (found === null) return [];
    const { lifecycle, runId } = setting;
    const { eventId, at, identity, principal } = act;
    return [{ gate: null, ...found, lifecycle, runId, eventId, seq: null, at, identity, principal }];
  });
}

interface Judged {
  readonly kind: FindingKind;
  readonly detail: string;
  readonly gate?: string | null;
}

function judge(act: Act, setting: Setting): Judged | null {
  switch (act.act) {
    case 'started':
      return judgeStart(act, setting);
    case 'message':
      return judgeMessage(act, setting);
    case 'reset':
      return { kind: 'reset', detail: `reset of run ${act.from}` };
    case 'closed':
      if (setting.retired || setting.superseded) return null;
      // It ends by itself only once the ledger has everything: then the ledger has lost what it had.
      if (act.ending === 'completed')
        return { kind: 'missing-in-ledger', detail: 'completed, and not retired' };
      return { kind: 'terminate', detail: act.ending };
  }
}

function judgeStart({ type, argument, identity }: Started, { lifecycle, ours = API_IDENTITY }: Setting) {
  const found = (detail: string): Judged => ({ kind: 'unknown-start', detail });
  if (lifecycle === null) return found('its id is no lifecycle’s');
  if (type !== LIFECYCLE) return found('another workflow under a lifecycle’s id');
  if (identity !== ours) return found('started past the API');
  const start = startIn(argument);
  if (start?.key !== lifecycle || !start.recordedAs || digestOfStart(start) !== start.recordedAs)
    return found('its start is not what it says');
  return null;
}

/** The start in the argument of a first run; undefined where there is none. */
export function startIn(argument: unknown): StartInput | undefined {
  const start = typeof argument === 'object' && argument !== null && 'start' in argument && argument.start;
  return typeof start === 'object' && start !== null ? (start as StartInput) : undefined;
}

/** The digest under which the API stores this start before it starts anything. */
function digestOfStart(start: StartInput): string | undefined {
  try {
    return digestOf(startDocument(start).document);
  } catch {
    return undefined;
  }
}

function judgeMessage(message: Message, { ours = API_IDENTITY }: Setting): Judged | null {
  const { how, name, argument, identity } = message;
  if (how === 'signal' && OWN_SIGNALS.includes(name)) return null;
  if (how === 'request') return { kind: 'unsigned-message', detail: `asked Temporal to ${name}` };
  const command = isCommand(name) ? name : null;
  const envelope = command !== null && parseEnvelope(command, argument).ok;
  if (envelope && identity === ours) return null;
  const why = envelope ? 'not sent by the API' : 'no envelope of the API';
  const what = command ?? 'of a name that is no command';
  return { kind: 'unsigned-message', detail: `${how} ${what}: ${why}`, gate: gateIn(argument) };
}

function isCommand(name: string): name is CommandName {
  return (COMMAND_NAMES as readonly string[]).includes(name);
}

/** The gate that a message is about, however wrong the rest of it is. */
function gateIn(argument: unknown): string | null {
  const payload =
    typeof argument === 'object' && argument !== null && 'payload' in argument && argument.payload;
  const gate = typeof payload === 'object' && payload !== null && 'gate' in payload ? payload.gate : null;
  return typeof gate === 'string' && /^[A-Za-z0-9][A-Za-z0-9._:/+-]{0,79}$/.test(gate) ? gate : null;
}

/** A sequence number that the ledger lacks, and since when that was seen. */
export interface Awaited {
  readonly seq: number;
  readonly since: Instant;
}

/** How a run and the ledger stand to each other at one look. */
interface Backlog {
  /** The highest sequence number that the run has answered somebody with. */
  readonly acknowledged: number;
  /** The highest that the ledger has. */
  readonly recorded: number;
  /** Whether an append is still being tried: then it is late, not lost. */
  readonly appending: boolean;
  readonly awaited: Awaited | null;
}

/**
 * What the ledger is waited for to have. It stays the same number until that has come: a busy lifecycle is always a
 * little ahead, and only one number that never comes is missing.
 */
export function awaitedOf(backlog: Backlog, now: Instant): Awaited | null {
  const { acknowledged, recorded, appending, awaited } = backlog;
  if (acknowledged <= recorded || appending) return null;
  return awaited !== null && recorded < awaited.seq ? awaited : { seq: acknowledged, since: now };
}

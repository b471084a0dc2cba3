import { parseEnvelope } from '../../contracts/envelope.js';
import { API_IDENTITY } from '../../contracts/identities.js';
import { doubtOf } from '../../contracts/proof/proof.js';
import { isSignedByRoot, parseRootSet } from '../../contracts/proof/roots.js';
import { provenIn, signableStart } from '../../contracts/proof/start.js';
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
  /** Root keys by which messages of ours are proven; absent, under trust `dev`, their identity has to do. */
  readonly roots?: readonly string[];
}

/** Type of the workflow that carries a lifecycle. */
const LIFECYCLE = 'lifecycle';
/** Signals that only wake a lifecycle or make it stricter: the worker's own, and those of a new release's roll-out. */
const OWN_SIGNALS: readonly string[] = ['poke', 'ask-after', 'report-finding', 'report-unreachable'];
/** Names other root keys: ours where a root key that is believed signed it. */
const ROOTS_SIGNAL = 'update-roots';

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

function judgeStart(started: Started, setting: Setting) {
  const { type, argument } = started;
  const { lifecycle } = setting;
  const found = (detail: string): Judged => ({ kind: 'unknown-start', detail });
  if (lifecycle === null) return found('its id is no lifecycle’s');
  if (type !== LIFECYCLE) return found('another workflow under a lifecycle’s id');
  const start = startIn(argument);
  if (!isOurStart(started, start, setting)) return found('started past the API');
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

/** A start of ours is proven for its very documents and trust, or under `dev` told by who sent it. */
function isOurStart(
  { argument, identity, at }: Started,
  start: StartInput | undefined,
  { roots, ours = API_IDENTITY }: Setting,
): boolean {
  if (roots === undefined) return identity === ours;
  const proven = provenIn(argument);
  if (start === undefined || proven === undefined) return false;
  const { trust, proof } = proven;
  return doubtOf(signableStart(start, trust, proven), proof, roots, at) === undefined;
}

/** What the API, the worker and, by a root key's signature, operators send beside commands. */
function isOwnSignal({ name, argument }: Message, { roots }: Setting): boolean {
  if (OWN_SIGNALS.includes(name)) return true;
  const set = name === ROOTS_SIGNAL && roots ? parseRootSet(argument) : undefined;
  return set !== undefined && roots !== undefined && isSignedByRoot(set, roots);
}

function judgeMessage(message: Message, setting: Setting): Judged | null {
  const { how, name, argument, identity, at } = message;
  const { lifecycle, roots, ours = API_IDENTITY } = setting;
  if (how === 'signal' && isOwnSignal(message, setting)) return null;
  if (how === 'request') return { kind: 'unsigned-message', detail: `asked Temporal to ${name}` };
  const command = isCommand(name) ? name : null;
  const parsed = command === null ? undefined : parseEnvelope(command, argument);
  const envelope = parsed?.ok ? parsed.envelope : undefined;
  if (envelope && command !== null) {
    const signable = { lifecycle: lifecycle ?? '', command, ...envelope };
    const proven = roots && doubtOf(signable, envelope.proof, roots, at) === undefined;
    if (roots ? proven : identity === ours) return null;
  }
  const said = roots ? 'nothing proves that the API sent it' : 'not sent by the API';
  const why = envelope ? said : 'no envelope of the API';
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

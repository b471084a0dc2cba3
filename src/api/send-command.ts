import type { Request, Response } from 'express';
import type { Envelope } from '../contracts/envelope.js';
import type { CommandName } from '../domain/commands/payloads.js';
import type { Hold } from '../domain/lifecycle/state.js';
import type { LifecycleView } from '../domain/lifecycle/view.js';
import type { GuardBook } from './decision-guard/book.js';
import type { Api } from './deps.js';
import { RecentIdentities } from './idempotency.js';
import { writtenBody } from './intake/evidence-file.js';
import { Problem } from './problem.js';
import { contextOf } from './request-context.js';
import { viewHeaders, withinScopes } from './show-view.js';
import { createTakeCommand } from './take-command.js';
import { URGENT } from './urgent.js';

const WAIT_MS = 5_000;
/** After this long, what stops things is handed over as a signal. */
const URGENT_WAIT_MS = 2_000;

/** Sends a command of somebody who is authorized and answers with what came of it. */
export type SendCommand = (name: CommandName, request: Request, response: Response) => Promise<void>;

export function createSendCommand(api: Api): SendCommand {
  const { gateway, lag } = api;
  const take = createTakeCommand(api);
  const accepted = new RecentIdentities();

  return async (name, request, response) => {
    const { standing } = contextOf(response);
    if (standing === undefined) throw new TypeError('authorize first');
    const { actor, key } = standing;
    const written = writtenBody(name, request);
    const envelope = await take(name, written, standing, request, response);

    const repeated = accepted.has(envelope);
    const answer = await dispatch(api, key, name, envelope).catch(async (error: unknown) => {
      if (!isKnownBreach(name, error)) throw error;
      return { events: [], replayed: true, view: await gateway.view(key, actor) };
    });
    if (answer === 'handed-over') {
      await api.guard.book.noteHandedOver(key, envelope.id, stopOf(envelope.payload));
      response.status(202).json({ accepted: true, lifecycle: key, command: name, id: envelope.id });
      return;
    }
    accepted.add(envelope);
    // The engine repeats its first answer to a repeated update, and with it an old view.
    const lifecycle = repeated && !answer.replayed ? await gateway.view(key, actor) : answer.view;
    lag.saw(key, lifecycle.version);
    const from = numberOfFirst(answer.events);
    if (from !== undefined) {
      noteHolds(api.guard.book, lifecycle, from);
      // A stop is told to every instance, whether or not the ledger takes it soon.
      if (URGENT.includes(name)) api.guard.book.tell(key, envelope.id, stopOf(envelope.payload), from);
    }
    viewHeaders(response, lifecycle);
    const shown = withinScopes(response, lifecycle);
    response.json({ events: answer.events, replayed: repeated || answer.replayed, lifecycle: shown });
  };
}

/** What was answered here is known here at once, before the projection shows it to every instance. */
function noteHolds(
  book: GuardBook,
  { key, holds }: Pick<LifecycleView, 'key' | 'holds'>,
  from: number,
): void {
  book.note(
    key,
    holds.map(({ hold, effect, scope }) => ({ id: hold, effect, scope: scope as Hold['scope'] })),
    from,
  );
}

function numberOfFirst([first]: readonly string[]): number | undefined {
  const from = Number(first?.split('/').at(-1));
  return Number.isNaN(from) ? undefined : from;
}

/** The hold that an urgent command places. */
function stopOf(payload: object): Pick<Hold, 'effect' | 'scope'> {
  const { effect = 'stopped', scope = 'candidate' } = payload as Partial<Pick<Hold, 'effect' | 'scope'>>;
  return { effect, scope };
}

function dispatch<N extends CommandName>(
  { gateway, prover }: Api,
  key: string,
  name: N,
  envelope: Envelope<N>,
) {
  return prover.sending(key, name, envelope, (proven) => deliver(gateway, key, name, proven));
}

async function deliver<N extends CommandName>(
  gateway: Api['gateway'],
  key: string,
  name: N,
  envelope: Envelope<N>,
) {
  if (!URGENT.includes(name)) return gateway.command(key, name, envelope, WAIT_MS);
  try {
    return await gateway.command(key, name, envelope, URGENT_WAIT_MS);
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    // Under the same id: whichever of the two arrives second is a repetition.
    await gateway.signal(key, name, envelope);
    return 'handed-over' as const;
  }
}

const isUnanswered = (error: unknown): boolean =>
  error instanceof Problem && (error.code === 'outcome-unknown' || error.code === 'lifecycle-stuck');

/** Said again, which monitoring does for as long as it is so: there is nothing to refuse, and nothing new. */
const isKnownBreach = (name: CommandName, error: unknown): boolean =>
  name === 'report-breach' && error instanceof Problem && error.code === 'unchanged';

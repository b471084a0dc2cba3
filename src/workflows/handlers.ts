/** Every way a message reaches a lifecycle. Registered before the first await, with examples for the UI's forms. */
import type { SignalDefinition, UpdateDefinition } from '@temporalio/common';
import { setHandler } from '@temporalio/workflow';
import { parseEnvelope } from '../contracts/envelope.js';
import { FINDING_EXAMPLE, parseFinding } from '../contracts/finding.js';
import { parseUnreachable, UNREACHABLE_EXAMPLE } from '../contracts/unreachable.js';
import type { CommandName } from '../domain/commands/payloads.js';
import { COMMAND_NAMES, COMMANDS } from '../domain/commands/table.js';
import { CURRENT_ENGINE } from '../domain/lifecycle/engine.js';
import { route } from '../domain/lifecycle/route.js';
import { viewOf } from '../domain/lifecycle/view-of.js';
import { waitingOn } from '../domain/lifecycle/waiting-on.js';
import { parseWhatIf } from '../domain/lifecycle/what-if.js';
import { registerAskAfter } from './ask-after-handler.js';
import type { Entity } from './entity.js';
import { exampleOf } from './examples.js';
import { failure, guarded } from './failures.js';
import { registerItemQuestions } from './item-question.js';
import { reportUnreachableSignal } from './messages/notices.js';
import {
  type CommandResult,
  lifecycleQuery,
  pokeSignal,
  reportFindingSignal,
  routeQuery,
  signals,
  updateRootsSignal,
  updates,
  waitingOnQuery,
} from './messages.js';

function describe(name: CommandName): string {
  return `${COMMANDS[name].summary}. Example argument: ${exampleOf(name)}`;
}

function parsed<N extends CommandName>(name: N, message: unknown) {
  const read = parseEnvelope(name, message);
  if (read.ok) return read.envelope;
  throw failure(
    'malformed',
    read.problems.map(({ fact, message: detail }) => ({
      code: 'malformed',
      message: `${fact}: ${detail}`,
      fact,
    })),
  );
}

function registerUpdate<N extends CommandName>(entity: Entity, name: N): void {
  const validator = (message: unknown) =>
    guarded(() => {
      const judged = entity.judge(name, parsed(name, message), Date.now());
      if ('refused' in judged) throw failure(judged.refused, judged.reasons);
    });
  const handler = (message: unknown): CommandResult =>
    guarded(() => {
      const envelope = parsed(name, message);
      const judged = entity.command(name, envelope, Date.now());
      if ('refused' in judged) throw failure(judged.refused, judged.reasons);
      const { first, last, replayed } = judged;
      const events = Array.from(
        { length: last - first + 1 },
        (_, index) => `lifecycle/${entity.state.key}/${first + index}`,
      );
      const { refused: _asked, ...view } = viewOf(entity.state, envelope.actor, Date.now());
      return { events, replayed, view };
    });
  // What arrives is only believed once it has been parsed, whatever the definition promises.
  const definition: UpdateDefinition<CommandResult, [unknown]> = updates[name];
  setHandler(definition, handler, { validator, description: describe(name) });
}

function registerSignal<N extends CommandName>(entity: Entity, name: N): void {
  const signal: SignalDefinition<[unknown]> | undefined = signals[name];
  if (!signal) return;
  const handler = (message: unknown): void => {
    const read = parseEnvelope(name, message);
    if (!read.ok) {
      refuseSignal(entity, name, 'malformed', null);
      return;
    }
    const { person } = read.envelope.actor;
    try {
      const judged = entity.command(name, read.envelope, Date.now());
      if ('refused' in judged) refuseSignal(entity, name, judged.refused, person, judged.believed);
    } catch {
      refuseSignal(entity, name, 'internal', person);
    }
  };
  setHandler(signal, handler, { description: describe(name) });
}

/** `believed`: whether it is proven who sent it; without proof it is counted, and not recorded one by one. */
function refuseSignal(
  entity: Entity,
  message: string,
  code: string,
  person: string | null,
  believed = entity.belief.trust === 'dev',
): void {
  if (!believed) entity.countUnverified(message, Date.now());
  // Anybody can send signals: while the ledger takes nothing, their refusals must not fill the carry-over.
  else if (!entity.outbox.full) entity.report({ type: 'message-refused', message, code, person }, Date.now());
}

function registerRoots(entity: Entity): void {
  const { name } = updateRootsSignal;
  const handler = (message: unknown): void => {
    if (!entity.updateRoots(message, Date.now())) refuseSignal(entity, name, 'unverified', null);
  };
  setHandler(updateRootsSignal, handler, {
    description:
      'Names the root keys that are believed from now on, as `airworthy keys new-roots` signs them with one that is believed.',
  });
}

function registerFindings(entity: Entity): void {
  const { name } = reportFindingSignal;
  const handler = (message: unknown): void => {
    const finding = parseFinding(message);
    if (finding === undefined) {
      refuseSignal(entity, name, 'malformed', null);
      return;
    }
    try {
      entity.report({ type: 'finding', finding }, Date.now());
    } catch {
      refuseSignal(entity, name, 'internal', null);
    }
  };
  setHandler(reportFindingSignal, handler, {
    description: `Freezes a gate, or all of them, until an approver and an auditor have ratified what went past the system. Example argument: ${JSON.stringify(FINDING_EXAMPLE)}`,
  });
}

function registerUnreachable(entity: Entity): void {
  const { name } = reportUnreachableSignal;
  const handler = (message: unknown): void => {
    const unreached = parseUnreachable(message);
    if (unreached === undefined) {
      refuseSignal(entity, name, 'malformed', null);
      return;
    }
    if (entity.outbox.full) return;
    try {
      entity.report({ type: 'unreachable', ...unreached }, Date.now());
    } catch {
      refuseSignal(entity, name, 'internal', null);
    }
  };
  setHandler(reportUnreachableSignal, handler, {
    description: `Says that somebody could not be told what waits for them; others are then asked sooner. Example argument: ${JSON.stringify(UNREACHABLE_EXAMPLE)}`,
  });
}

/**
 * What `poke` asks for: only an integer is an engine, everything else just wakes. Nobody signs it, so that where proof
 * is asked it takes a lifecycle to newer behaviour only.
 */
function engineOf(message: unknown, { belief, state }: Entity): number | null {
  const engine =
    typeof message === 'object' && message !== null && 'engine' in message ? message.engine : null;
  if (typeof engine !== 'number' || !Number.isInteger(engine)) return null;
  return belief.trust !== 'dev' && engine < state.engine ? null : engine;
}

/** Registers updates, signals and queries for the whole command table. */
export function registerHandlers(entity: Entity, poke: (engine: number | null) => void): void {
  for (const name of COMMAND_NAMES) {
    registerUpdate(entity, name);
    registerSignal(entity, name);
  }
  setHandler(pokeSignal, (message: unknown) => poke(engineOf(message, entity)), {
    description: `Wakes the lifecycle; with an engine it continues as new under that behaviour. Example argument: {"engine": ${CURRENT_ENGINE}}`,
  });
  registerFindings(entity);
  registerAskAfter(entity, (message, code) => refuseSignal(entity, message, code, null));
  registerRoots(entity);
  registerUnreachable(entity);
  registerItemQuestions(entity);
  setHandler(lifecycleQuery, ({ actor, now }) => viewOf(entity.state, actor, now), {
    description:
      'The lifecycle as one person sees it. Example argument: {"actor": {"person": "meera", "functions": ["operations"], "roles": [], "teams": ["broker-onboarding"], "verified": false}, "now": 1796025600000}',
  });
  setHandler(waitingOnQuery, () => waitingOn(entity.state, Date.now()), {
    description: 'What it waits for, whom, and until when. Takes no argument.',
  });
  setHandler(
    routeQuery,
    ({ now, whatIf }) =>
      route(
        entity.state,
        now,
        whatIf.flatMap((written) => parseWhatIf(written) ?? []),
      ),
    {
      description:
        'Earliest honest go-live, critical path and what is missing. Example argument: {"now": 1796025600000, "whatIf": ["without=money"]}',
    },
  );
}

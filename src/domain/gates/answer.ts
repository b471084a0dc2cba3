/** A person's answer at a gate: who may give which, and what it does to the gate at once. */
import type { Command } from '../commands/payloads.js';
import { refuseUnreviewed } from '../lifecycle/break-glass.js';
import { currentDelivery } from '../lifecycle/delivery.js';
import type { Draft } from '../lifecycle/draft.js';
import { frozenReasons } from '../lifecycle/frozen.js';
import { raiseNotice } from '../lifecycle/notices.js';
import { refuseWhileHeld } from '../lifecycle/rules.js';
import type { State } from '../lifecycle/state.js';
import { type Rejection, reject, rejectAll } from '../rejection.js';
import type { Instant, PersonId } from '../vocabulary.js';
import { speaksFor } from './authority.js';
import { barredVoices, voiceAt } from './delegation.js';
import { candidatesFor } from './eligible.js';
import { type Decision, type Gate, heedsHolds } from './gate.js';
import { refuseStaleSignIn } from './reauthenticate.js';
import { filledSeats, isApproval, openSeats, speaksAt } from './seats.js';
import { unseat, voidSilenced } from './unseat.js';

/** The gate a command means, if it is open; whoever comes too late is told how it ended. */
export function findGate(state: State, id: string): Gate | Rejection {
  const gate = state.gates[id];
  if (gate) return gate;
  const ended = Object.values(state.closed).find((closed) => closed.id === id);
  const open = `open are: ${Object.keys(state.gates).join(', ') || 'none'}`;
  if (!ended) return reject('gate-closed', `no gate ${id} is open; ${open}`, 'gate');
  const by = ended.by.length > 0 ? ` by ${ended.by.join(', ')}` : '';
  const how = `${ended.outcome}${by} at ${new Date(ended.at).toISOString()}`;
  return reject('gate-closed', `gate ${id} was ${how}; ${open}`, 'gate');
}

/** Refuses an answer that cites what is no longer up for decision, and says what changed. */
function refuseStale(gate: Gate, cited: { generation: number; subject: string }): Rejection | undefined {
  const parts = Object.entries(gate.parts).map(([part, digest]) => `${part} ${String(digest)}`);
  const now = `what is decided now is ${gate.subject}: ${parts.join(', ')}`;
  if (cited.generation !== gate.generation) {
    return reject(
      'stale-generation',
      `gate ${gate.id} was opened again: you cite generation ${cited.generation}, open is ${gate.generation}, and ${now}`,
      'generation',
    );
  }
  if (cited.subject === gate.subject) return undefined;
  return reject('stale-subject', `you cite ${cited.subject}, but ${now}`, 'subject');
}

/** Why a person may not answer at this gate at all. */
export function refusePerson(
  state: State,
  gate: Gate,
  who: Pick<Decision, 'person' | 'functions' | 'rights' | 'mandates'>,
): Rejection | undefined {
  if (gate.excluded.includes(who.person)) {
    return reject(
      'excluded',
      `${who.person} wrote or submitted what this gate decides, produced its evidence, or edits its policy; somebody else decides`,
      'person',
    );
  }
  if (speaksAt(gate, who)) return undefined;
  const [barred] = barredVoices(state, gate, who.person);
  if (barred !== undefined) {
    const message = `${who.person} would speak for ${barred}, who wrote or submitted what this gate decides, produced its evidence, or edits its policy; somebody else decides`;
    return reject('excluded', message, 'person');
  }
  return reject(
    'not-permitted',
    `${who.person} speaks for none of the seats ${gate.seats.map(({ id }) => id).join(', ')} of team ${state.team.id}`,
    'person',
  );
}

function refuseApproval(state: State, gate: Gate, decision: Decision): Rejection | undefined {
  if (heedsHolds(gate) && state.holds.length > 0) return refuseWhileHeld(state);
  if (decision.seat !== null) {
    const asked = gate.seats.find(({ id }) => id === decision.seat);
    if (!asked || !speaksAt({ ...gate, seats: [asked] }, decision)) {
      return reject(
        'not-permitted',
        `seat ${decision.seat} is not one that ${decision.person} can fill`,
        'seat',
      );
    }
  }
  const filled = filledSeats(gate);
  const answers = [...gate.decisions, decision];
  const after = filledSeats(gate, answers).size;
  // With mandates, what fills no seat by itself may do so together with what is still to come.
  const counts = after > filled.size || answers.some(({ mandates }) => mandates !== undefined);
  if (gate.status === 'open' && counts) return undefined;
  const taken = [...filled].map(([seat, person]) => `${seat} by ${person}`).join(', ');
  const message = `no seat that ${decision.person} can fill at ${gate.id} is left; taken are ${taken}`;
  return reject('no-open-seat', message, 'seat');
}

function refuseAnswer(state: State, gate: Gate, { actor, payload }: Command<'decide'>, decision: Decision) {
  const stale = refuseStale(gate, payload);
  if (stale) return stale;
  const frozen = rejectAll(frozenReasons(state, gate));
  if (frozen) return frozen;
  if (gate.status === 'held') {
    return reject(
      'gate-held',
      `gate ${gate.id} ran out of time at ${new Date(gate.clock.timeout).toISOString()} and is held; lifting the hold restarts it`,
      'gate',
    );
  }
  const person = refusePerson(state, gate, decision);
  if (person) return person;
  const given = gate.decisions.find((each) => each.person === actor.person);
  if (given && !isWithdrawnBy(given, decision)) {
    return reject(
      'already-decided',
      `${actor.person} has already answered at ${gate.id}; retract it first`,
      'person',
    );
  }
  if (isApproval(decision)) return refuseApproval(state, gate, decision);
  return undefined;
}

/** An approval may give way to a stricter answer; whoever recused themselves has no other. */
function isWithdrawnBy(given: Decision, decision: Decision): boolean {
  return isApproval(given) && !isApproval(decision);
}

function belongs({ team }: State, person: PersonId): boolean {
  const known = [team.lead, ...Object.values(team.heads), ...team.members.map((member) => member.person)];
  return known.includes(person);
}

/** Bounds the state; whoever needs more asks for changes instead. */
const MAX_CONDITIONS = 50;

function refuseConditions(state: State, { payload }: Command<'decide'>, now: Instant): Rejection | undefined {
  const added = payload.conditions?.length ?? 0;
  const stranger = payload.conditions?.find(({ owner }) => !belongs(state, owner))?.owner;
  if (stranger !== undefined) {
    const who = `${stranger} is not of team ${state.team.id} and could never meet it; name somebody who is`;
    return reject('not-found', who, 'conditions');
  }
  if (state.engine >= 3 && payload.conditions?.some(({ due }) => due <= now))
    return reject('incomplete', 'a condition is due in the future; give it a later date', 'conditions');
  if (added === 0 || state.conditions.length + added <= MAX_CONDITIONS) return undefined;
  const message = `${state.conditions.length} conditions are unmet already, at most ${MAX_CONDITIONS} may be`;
  return reject('limit-reached', `${message}; request changes instead`, 'conditions');
}

function refuseIncomplete({ payload }: Command<'decide'>): Rejection | undefined {
  switch (payload.decision) {
    case 'approve-with-conditions':
      return payload.conditions?.length
        ? undefined
        : reject('incomplete', 'an approval with conditions names at least one condition', 'conditions');
    case 'request-changes':
      return payload.clauses?.length || payload.comment
        ? undefined
        : reject(
            'incomplete',
            'a request for changes names clauses, or says in a comment what to change',
            'clauses',
          );
    case 'reject':
      return payload.comment ? undefined : reject('incomplete', 'a rejection says why', 'comment');
    case 'approve':
    case 'abstain':
    case 'recuse':
      return undefined;
  }
}

/** Records an answer, with its conditions; what follows for the gate is decided by `settleGate`. */
export function answer(draft: Draft, command: Command<'decide'>): Rejection | undefined {
  const { state, now } = draft;
  const { actor, payload } = command;
  const gate = findGate(state, payload.gate);
  if ('rejected' in gate) return gate;
  const voice = voiceOf(state, gate, command);
  if ('rejected' in voice) return voice;
  const decision: Decision = {
    ...voice,
    seat: payload.seat ?? null,
    decision: payload.decision,
    at: now,
    late: gate.clock.pausedAt === null && now > gate.clock.due,
    verified: actor.verified,
    comment: payload.comment ?? null,
    clauses: payload.clauses ?? [],
  };
  const refused =
    refuseAnswer(state, gate, command, decision) ??
    refuseIncomplete(command) ??
    refuseConditions(state, command, now) ??
    (isApproval(decision)
      ? (refuseUnreviewed(state, gate, decision, now) ?? refuseStaleSignIn(gate, actor, now))
      : undefined);
  if (refused) return refused;
  draft.emit({ type: 'DecisionRecorded', gate: gate.id, decision });
  for (const { text, owner, due, beforeRelease, statutory } of payload.conditions ?? []) {
    const id = `c${draft.state.counters.conditions + 1}`;
    const attached = { by: actor.person, delivery: currentDelivery(state) };
    const byLaw = statutory ? ({ statutory } as const) : {};
    const condition = { id, gate: gate.name, text, owner, due, beforeRelease, ...byLaw, ...attached };
    draft.emit({ type: 'ConditionSet', condition });
  }
  voidSilenced(draft, gate.id, `${actor.person} has answered in person`);
  if (gate.decisions.some(({ person }) => person === actor.person))
    unseat(draft, gate.id, 'an approval was taken back');
  if (payload.decision === 'recuse') askOthers(draft, gate.id, actor.person);
  return undefined;
}

/** With whose voice somebody answers: everything they can say, or only for themselves or for one whom they name. */
function voiceOf(state: State, gate: Gate, { actor, payload }: Command<'decide'>) {
  const whole = voiceAt(state, gate, actor);
  const { mandates = [], ...own } = whole;
  if (payload.for === undefined) return whole;
  if (payload.for === actor.person) return own;
  const named = mandates.filter(({ from }) => from === payload.for);
  if (named.length > 0) return { person: actor.person, functions: [], rights: [], mandates: named };
  const message = `${actor.person} does not speak for ${payload.for} at gate ${gate.id}: no delegation says so that holds now, or ${payload.for} has answered in person`;
  return reject('not-permitted', message, 'for');
}

/** A recusal vacates the seat: everyone else who could fill it is asked at once. */
function askOthers(draft: Draft, id: string, person: PersonId): void {
  const gate = draft.state.gates[id];
  if (!gate) return;
  const given = gate.decisions.find((each) => each.person === person);
  const voices = given ? [given, ...(given.mandates ?? [])] : [];
  const seats = openSeats(gate).filter(({ authority }) => voices.some((each) => speaksFor(authority, each)));
  const to = [...new Set(seats.flatMap((seat) => candidatesFor(draft.state, gate, seat)))];
  const asked = to.length > 0 ? to : [draft.state.team.lead];
  draft.emit({ type: 'Escalated', gate: id, step: 'recusal', to: asked, due: gate.clock.due });
  raiseNotice(draft, { kind: 'escalation', to: asked, gate: id, due: gate.clock.due });
}

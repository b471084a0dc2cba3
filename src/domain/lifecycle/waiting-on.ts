/** Why a lifecycle is where it is, who is next, and by when: read from the same state that decides. */
import { authorityName } from '../gates/authority.js';
import { candidatesFor, peopleFor } from '../gates/eligible.js';
import type { Gate } from '../gates/gate.js';
import { openSeats } from '../gates/seats.js';
import { evidenceReasons } from '../governance/evidence.js';
import { type Finding, missingFrom } from '../governance/finding.js';
import type { Authority } from '../policy.js';
import { stepName } from '../release/plan.js';
import { freezeAt, stepBlockers } from '../release/rollout-progress.js';
import type { Instant, PersonId, Right } from '../vocabulary.js';
import { deadlines } from './deadlines.js';
import { deliveryOf } from './delivery.js';
import { frozenReasons } from './frozen.js';
import { handoverAwaits } from './handovers.js';
import { refuseUnliftable } from './holds.js';
import { approversOfFinding } from './ratification.js';
import { reviewGateName, scopingGateName, scopingOwed } from './rules.js';
import { scopingComplete } from './scoping.js';
import type { Delivery, Hold, State } from './state.js';
import type { Waiting } from './view.js';
import { type WorkKind, work } from './work.js';

function seatsOf(state: State, gate: Gate): Waiting[] {
  if (gate.status !== 'open' || frozenReasons(state, gate).length > 0) return [];
  return openSeats(gate).map((seat) => ({
    kind: 'seat',
    who: `${gate.id}:${seat.id}`,
    people: candidatesFor(state, gate, seat),
    what: decisionAt(state, gate, seat.authority),
    gate: gate.id,
    due: gate.clock.pausedAt === null ? gate.clock.due : null,
  }));
}

function decisionAt({ conflicts, glass }: State, { id }: Gate, authority: Authority): string {
  const conflict = conflicts.find((open) => open.id === id);
  if (conflict)
    return `resolve ${id} about ${conflict.gate ?? 'all that moves forward'}, by resolve-conflict`;
  const broken = glass.find((each) => each.id === id);
  const about = broken ? `, which reviews that ${broken.by.join(' and ')} passed ${broken.what}` : '';
  return `decision of ${authorityName(authority)} at ${id}${about}`;
}

/** A conflict waits at its gate, an overdue condition for its owner: their holds wait for nobody else. */
function hasItsOwn({ conflicts, conditions }: State, hold: Hold): boolean {
  return conflicts.some(({ hold: id }) => id === hold.id) || conditions.some(({ id }) => id === hold.about);
}

function keyWho(key: Authority): string {
  return 'function' in key ? `function:${key.function}` : `right:${key.right}`;
}

function ofHold(state: State, hold: Hold): Waiting[] {
  // No key lifts it: what is waited for is the handover itself.
  if (hold.source === 'vacancy') return [];
  const lift = `lift hold ${hold.id} (${hold.source}, ${hold.effect})${hold.lift.rootCause ? ' with a root cause' : ''}`;
  const what = refuseUnliftable(state, hold)?.reasons[0]?.message ?? lift;
  return hold.lift.keys.map((key) => ({
    kind: 'right',
    who: keyWho(key),
    people: peopleFor(state.team, state.rights, key),
    what,
    gate: hold.gate,
    due: null,
  }));
}

function ofRight(state: State, right: Right, what: string): Waiting {
  return {
    kind: 'right',
    who: `right:${right}`,
    people: peopleFor(state.team, state.rights, { right }),
    what,
    gate: null,
    due: null,
  };
}

function ofFinding(state: State, finding: Finding): Waiting[] {
  const { id, kind, gate, ratified } = finding;
  return missingFrom(finding).map((capacity) => ({
    kind: 'right',
    // Who the auditors are, the directory knows.
    who: capacity === 'auditor' ? 'role:auditor' : `ratify:${gate ?? 'lifecycle'}`,
    people:
      capacity === 'auditor'
        ? []
        : approversOfFinding(state, finding).filter(
            (each) => !ratified.some(({ person }) => person === each),
          ),
    what: `ratify finding ${id} (${kind}) as its ${capacity}`,
    gate,
    due: null,
  }));
}

function ofTime(what: string, due: Instant | null): Waiting {
  return { kind: 'deadline', who: 'rollout', people: [], what, gate: null, due };
}

function people(what: string, who: string, persons: readonly PersonId[]): Waiting {
  return { kind: 'right', who, people: persons, what, gate: null, due: null };
}

function ofScoping(state: State): Waiting[] {
  if (state.parked) return [ofRight(state, 'businessOwner', 'resume the parked use case')];
  const name = scopingGateName(state);
  if (state.gates[name]) return [];
  const missing = scopingComplete(state).map(({ message }) => message);
  const what = missing.length > 0 ? `complete scoping: ${missing.join('; ')}` : `open the ${name} gate`;
  return [ofRight(state, 'businessOwner', what)];
}

function ofOffers({ offers, handovers }: State): Waiting[] {
  return Object.entries(offers).map(([right, person]) => ({
    ...people(`accept the right ${right}`, `right:${right}`, person === undefined ? [] : [person]),
    due: handovers.find((open) => open.right === right)?.clock?.due ?? null,
  }));
}

/** A vacant right that was offered to nobody yet. */
function ofHandovers(state: State): Waiting[] {
  return state.handovers
    .filter(({ right }) => state.offers[right] === undefined)
    .map((handover) => ({
      ...people(
        `assign the right ${handover.right}, which ${handover.from} no longer holds`,
        `right:${handover.right}`,
        handoverAwaits(state, handover),
      ),
      due: handover.clock?.due ?? null,
    }));
}

function ofDelivery(state: State, delivery: Delivery, now: Instant): Waiting[] {
  switch (delivery.step) {
    case 'specification': {
      if (state.gates.specification) return [];
      const { draft } = delivery;
      return [
        ofRight(
          state,
          'technicalOwner',
          draft ? `submit spec version ${draft.version}, or draft another` : 'draft and submit the spec',
        ),
      ];
    }
    case 'implementation': {
      if (!delivery.release) return [ofRight(state, 'technicalOwner', 'register the release')];
      const name = reviewGateName(state, delivery.change?.materiality === 'minor');
      const missing = evidenceReasons(state, name, now).map(({ message }) => message);
      return [
        ofRight(state, 'technicalOwner', missing.length > 0 ? missing.join('; ') : 'submit for review'),
      ];
    }
    case 'review':
      return [];
    case 'release':
      return ofRollout(state, delivery, now);
  }
}

function ofRollout(state: State, delivery: Extract<Delivery, { step: 'release' }>, now: Instant): Waiting[] {
  const { phase, step, steps } = delivery.rollout;
  const planned = steps[step];
  const name = planned ? stepName(planned) : 'serving';
  switch (phase.name) {
    case 'soaking':
      return [ofTime(`${name} soaks, then is verified`, phase.verifyAt)];
    case 'accepting': {
      if (state.findings.length > 0) return [];
      const freeze = freezeAt(state, now);
      const accept = ofRight(state, 'operatingOwner', 'accept the release into operation');
      return freeze
        ? [ofTime(`${accept.what}, once freeze ${freeze.name} has ended`, freeze.until)]
        : [accept];
    }
    case 'pending':
      return stepBlockers(state, delivery, now).flatMap(({ code, message }) => {
        if (code === 'held' || code === 'gate-frozen') return [];
        if (code === 'awaiting-acceptance') return [ofRight(state, 'operatingOwner', message)];
        if (code === 'frozen') return [ofTime(message, freezeAt(state, now)?.until ?? null)];
        return [ofRight(state, 'technicalOwner', `before ${name}: ${message}`)];
      });
    case 'rolled-back':
      return state.holds.length > 0
        ? []
        : [ofRight(state, 'technicalOwner', 'start over from where the cause is, or withdraw')];
    case 'exposing':
    case 'verifying':
      return [];
  }
}

/** Goes on beside whatever is waited for. */
const BESIDE: readonly WorkKind[] = ['notify', 'watch'];

function ofWork(state: State): Waiting[] {
  return work(state)
    .filter(({ kind }) => !BESIDE.includes(kind))
    .map(({ lane, summary }) => ({
      kind: 'activity',
      who: `machine:${lane}`,
      people: [],
      what: summary,
      gate: null,
      due: null,
    }));
}

/**
 * Everything the lifecycle waits for. An open one always waits for something: where no person and no
 * activity is asked, time is (a live use case waits for what its owners or its approval's end bring).
 */
export function waitingOn(state: State, now: Instant): Waiting[] {
  if (state.stage === 'retired') return [];
  const delivery = deliveryOf(state);
  const all = [
    ...Object.values(state.gates).flatMap((gate) => seatsOf(state, gate)),
    ...state.holds.filter((hold) => !hasItsOwn(state, hold)).flatMap((hold) => ofHold(state, hold)),
    ...state.findings.flatMap((finding) => ofFinding(state, finding)),
    ...ofOffers(state),
    ...ofHandovers(state),
    ...(state.stage === 'scoping' || scopingOwed(state) ? ofScoping(state) : []),
    ...(delivery ? ofDelivery(state, delivery, now) : []),
    ...state.conditions.map(({ id, owner, due }) => ({
      ...people(`meet condition ${id}`, `condition:${id}`, [owner]),
      due,
    })),
    ...state.remediations.map(({ evidence, due, missed }) => ({
      ...ofRight(
        state,
        'technicalOwner',
        `bring evidence ${evidence} for what serves${missed ? ', overdue' : ''}`,
      ),
      due: missed ? null : due,
    })),
    ...state.drills.missed.map((kind) =>
      ofRight(state, 'operatingOwner', `hold a ${kind} drill, which is overdue, and record it`),
    ),
    ...ofWork(state),
  ];
  if (all.length > 0) return all;
  const [next] = deadlines(state, now);
  if (next) return [{ kind: 'deadline', who: 'time', people: [], what: next.what, gate: null, due: next.at }];
  return [ofRight(state, 'operatingOwner', 'operate it; nothing is due')];
}

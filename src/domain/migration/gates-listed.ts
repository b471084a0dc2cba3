/** The gates that a lifecycle may still come to, with the rule of each. */
import { authorityName } from '../gates/authority.js';
import { deliveryOf } from '../lifecycle/delivery.js';
import { gateRule, rulesOf } from '../lifecycle/rules.js';
import type { State } from '../lifecycle/state.js';
import type { GateRule } from '../policy.js';

const NAMES = [
  'scoping',
  'start',
  'specification',
  'launch',
  'readiness',
  'change',
  'promotion',
  'retirement',
] as const;
type Listed = (typeof NAMES)[number];

/** Scoping and start are passed once; every other gate may come again. */
function comes(state: State, name: Listed): boolean {
  switch (name) {
    case 'scoping':
      return state.mode === 'governed' && (state.stage === 'scoping' || state.gates.scoping !== undefined);
    case 'start':
      return state.mode === 'pilot';
    case 'promotion':
      return state.mode === 'pilot';
    case 'specification':
    case 'launch':
    case 'readiness':
    case 'change':
      return state.mode === 'governed' || deliveryOf(state) !== null;
    case 'retirement':
      return true;
  }
}

/** By name; empty once it is over, or while it is prohibited. */
export function gatesAhead(state: State): ReadonlyMap<Listed, GateRule> {
  if (state.stage === 'retired' || !rulesOf(state)) return new Map();
  return new Map(
    NAMES.flatMap((name) => {
      const rule = comes(state, name) ? gateRule(state, name) : null;
      return rule ? [[name, rule] as const] : [];
    }),
  );
}

/** The rights that a rule seats and nobody holds. */
export function vacantIn({ rights }: State, { seats }: GateRule): string[] {
  return [
    ...new Set(seats.filter((seat) => 'right' in seat && !rights[seat.right]?.length).map(authorityName)),
  ];
}

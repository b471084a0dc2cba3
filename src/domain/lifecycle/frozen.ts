/** What findings freeze, and why a gate or a whole lifecycle stands still. */
import { type Gate, heedsHolds } from '../gates/gate.js';
import { type Finding, MAX_FINDINGS, missingFrom } from '../governance/finding.js';
import type { Reason } from '../rejection.js';
import type { State } from './state.js';

/** The findings that freeze a gate. Two keys and resolvers only ever loosen something, so any finding freezes theirs. */
function against({ findings }: State, { id, name }: Pick<Gate, 'id' | 'name'>): readonly Finding[] {
  const loosens = name === 'two-key' || name === 'conflict';
  if (findings.length >= MAX_FINDINGS || loosens) return findings;
  return findings.filter(({ gate }) => gate === null || gate === id);
}

function reasons(findings: readonly Finding[]): Reason[] {
  return findings.map((finding) => {
    const { id, kind, gate, ratified } = finding;
    const who = missingFrom(finding).map((capacity) => `an ${capacity}`);
    const still = who.join(ratified.length > 0 ? ' or ' : ' and ');
    const where = gate === null ? 'every gate' : `gate ${gate}`;
    const message = `finding ${id} (${kind}, ${where}) stands against it until it is ratified by ${still}, by ratify-finding`;
    return { code: 'gate-frozen', message, fact: id };
  });
}

/** Why nobody decides at a gate now; empty where no finding freezes it. */
export function frozenReasons(state: State, gate: Pick<Gate, 'id' | 'name'>): Reason[] {
  return reasons(against(state, gate));
}

/** Why exposure does not go forward and nothing is loosened; empty while no finding is open. */
export function findingReasons({ findings }: State): Reason[] {
  return reasons(findings);
}

/** Findings that name no gate, or too many of them: nothing at all moves forward. */
function freezing({ findings }: State): readonly Finding[] {
  return findings.length >= MAX_FINDINGS ? findings : findings.filter(({ gate }) => gate === null);
}

/** Why nothing moves forward at all, as far as findings say so. */
export function freezingReasons(state: State): Reason[] {
  return reasons(freezing(state));
}

/** Whether the whole lifecycle stands still: something is held, or everything is frozen. */
export function allStandsStill(state: State): boolean {
  return state.holds.length > 0 || freezing(state).length > 0;
}

/** Whether a gate stands still: its clock does, and it does not pass. */
export function standsStill(state: State, gate: Pick<Gate, 'id' | 'name' | 'act'>): boolean {
  return (heedsHolds(gate) && state.holds.length > 0) || against(state, gate).length > 0;
}

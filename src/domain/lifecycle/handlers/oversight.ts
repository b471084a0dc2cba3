/** What people outside the delivery watch over: what went past us, and what must not be erased. */
import type { Command } from '../../commands/payloads.js';
import { covered, MAX_FINDINGS, type ReportedFinding } from '../../governance/finding.js';
import { type Rejection, reject } from '../../rejection.js';
import { GATE_NAMES } from '../../vocabulary.js';
import type { Draft } from '../draft.js';
import { resumeClocks, stopClocks } from '../gate-clocks.js';
import { owners } from '../holds.js';
import { raiseNotice } from '../notices.js';
import { approversOfFinding, capacities, refuseRatification } from '../ratification.js';
import type { State } from '../state.js';

/** A gate that is over and cannot come again, such as one of two keys, was passed or not: then everything is in doubt. */
function touched({ gates }: State, gate: string | null): string | null {
  if (gate === null || gates[gate]) return gate;
  return GATE_NAMES.find((name) => name === gate && name !== 'two-key') ?? null;
}

/** Takes in what the reconciler found; the same thing found again changes nothing. */
export function recordFinding(draft: Draft, reported: ReportedFinding): Rejection | undefined {
  const { state } = draft;
  const { id, kind, detail } = reported;
  if (state.stage === 'retired')
    return reject('closed', 'the lifecycle is over; nothing in it can be frozen');
  if (state.ratified.includes(id) || state.findings.some((known) => known.id === id))
    return reject('unchanged', `finding ${id} is on record`, id);
  if (state.findings.length >= MAX_FINDINGS)
    return reject('limit-reached', `${MAX_FINDINGS} findings are open and freeze everything`, 'finding');
  const gate = touched(state, reported.gate);
  draft.emit({ type: 'FindingRecorded', finding: { id, kind, gate, detail } });
  stopClocks(draft, `finding ${id}`, 'frozen');
  const [recorded] = draft.state.findings.slice(-1);
  const asked = recorded ? approversOfFinding(draft.state, recorded) : [];
  const to = [...new Set([...owners(draft.state), ...asked])];
  raiseNotice(draft, { kind: 'hold', to, gate, due: null });
  return undefined;
}

/** One of the two ratifications, in any order; with the second everything frozen goes on. */
export function ratifyFinding(
  draft: Draft,
  { actor, payload }: Command<'ratify-finding'>,
): Rejection | undefined {
  const { state } = draft;
  const finding = state.findings.find(({ id }) => id === payload.finding);
  if (!finding) {
    const open = state.findings.map(({ id }) => id).join(', ') || 'none';
    return reject('not-found', `no finding ${payload.finding} is open; open are: ${open}`, 'finding');
  }
  const refused = refuseRatification(state, finding, actor);
  if (refused) return refused;
  const by = { person: actor.person, as: capacities(state, finding, actor) };
  const settled = covered([...finding.ratified, by]) === 2;
  draft.emit({ type: 'FindingRatified', finding: finding.id, by, reason: payload.reason, settled });
  if (settled) resumeClocks(draft, 'ratified');
  return undefined;
}

/** Nothing of it is erased while the hold stands. It moves nothing, and a retired use case keeps it. */
export function setLegalHold(
  draft: Draft,
  { actor, payload }: Command<'set-legal-hold'>,
): Rejection | undefined {
  const { on, reason } = payload;
  if (on === (draft.state.legalHold !== null))
    return reject('unchanged', `the legal hold is ${on ? 'set' : 'not set'} already`, 'on');
  draft.emit({ type: 'LegalHoldSet', on, by: actor.person, reason });
  return undefined;
}

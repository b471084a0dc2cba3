/**
 * The one table of commands: decider input, update name, API route, OpenAPI operation, CLI verb and
 * permission row all come from here. Adding a command is one row here, one schema in
 * `contracts/commands.ts` and one handler; the compiler lists what is missing.
 */
import { type BusinessFunction, RIGHTS, type Right, type Stage } from '../vocabulary.js';
import type { CommandName, Payloads } from './payloads.js';

/** Who may send a command: the holder of a right, a function of the team, or a standing; an auditor of any team. */
export type Who = Right | `function:${BusinessFunction}` | 'lead' | 'member' | 'machine' | 'auditor';

export interface CommandRow<N extends CommandName> {
  /** One line for the OpenAPI operation, the CLI help and the Temporal UI. */
  readonly summary: string;
  readonly who: readonly Who[];
  readonly stages: readonly Stage[];
  /** Whether it only makes things stricter: still accepted when the ledger is far behind. */
  readonly stricter: boolean | ((payload: Readonly<Payloads[N]>) => boolean);
  /** Also accepted as a signal, for operators in the Temporal UI and when no worker answers. */
  readonly signal: boolean;
}

const OPEN = ['scoping', 'specification', 'implementation', 'review', 'release', 'live'] as const;
const DELIVERING = ['specification', 'implementation', 'review', 'release', 'live'] as const;
const OWNERS = ['businessOwner', 'technicalOwner', 'operatingOwner'] as const;
const BUILDERS = ['technicalOwner', 'function:engineering', 'function:product'] as const;

const ordinary = { stricter: false, signal: false } as const;
const strict = { stricter: true, signal: false } as const;

export const COMMANDS: { readonly [N in CommandName]: CommandRow<N> } = {
  'update-brief': {
    summary: 'Replace the brief',
    who: [...OWNERS, 'lead'],
    // Beyond scoping only while a tier that rose asks for its gate.
    stages: OPEN,
    ...ordinary,
  },
  'assign-right': {
    summary: 'Offer a decision right to a person',
    // Governance and the resolver are asked when a handover is late, and may name a receiver of a vacant right.
    who: [...OWNERS, 'lead', 'function:governance', 'conflictResolver'],
    stages: OPEN,
    ...ordinary,
  },
  'accept-handover': {
    summary: 'Accept a right that was offered to you',
    who: ['member'],
    stages: OPEN,
    ...ordinary,
  },
  'assess-risk': {
    summary: 'Answer the risk facts; the tier is computed',
    who: [...OWNERS, 'lead', 'function:risk', 'function:governance'],
    stages: OPEN,
    ...ordinary,
  },
  'override-tier': {
    summary: 'Lower the computed tier for a time, with two keys',
    who: ['function:risk', 'function:governance'],
    stages: OPEN,
    ...ordinary,
  },
  'open-gate': {
    summary: 'Open the gate of scoping, or of a pilot start',
    who: [...OWNERS, 'lead'],
    stages: OPEN,
    ...ordinary,
  },
  decide: {
    summary: 'Answer at an open gate',
    who: ['member', ...OWNERS, 'changeApprover', 'conflictResolver'],
    stages: OPEN,
    stricter: (payload) => payload.decision !== 'approve' && payload.decision !== 'approve-with-conditions',
    signal: true,
  },
  'retract-decision': {
    summary: 'Take back your decision while the gate is open',
    who: ['member', ...OWNERS, 'changeApprover', 'conflictResolver'],
    stages: OPEN,
    ...strict,
  },
  'withdraw-gate': {
    summary: 'Close a gate you opened, undecided',
    who: [...OWNERS, 'lead', 'member'],
    stages: OPEN,
    ...strict,
  },
  comment: { summary: 'Comment on a gate', who: ['member', ...OWNERS], stages: OPEN, ...ordinary },
  'fulfil-condition': {
    summary: 'Declare a condition met',
    who: ['member', ...OWNERS],
    stages: OPEN,
    ...ordinary,
  },
  'raise-conflict': {
    summary: 'Ask the conflict resolver to decide; until then the stricter side stands',
    who: RIGHTS,
    stages: OPEN,
    ...strict,
  },
  'resolve-conflict': {
    summary: 'Say which side of a conflict stands',
    // A delegate of the resolver among them: the seat of the conflict's gate says who may.
    who: ['conflictResolver', 'member'],
    stages: OPEN,
    stricter: ({ side }) => side === 'stricter',
    signal: false,
  },
  'break-glass': {
    summary: 'Pass a missing approval or a freeze in an emergency, with two keys',
    who: ['member', ...RIGHTS],
    stages: DELIVERING,
    ...ordinary,
  },
  'grant-exception': {
    summary: 'Pass an unmet control for a time, with two keys',
    who: ['member', ...RIGHTS],
    stages: DELIVERING,
    ...ordinary,
  },
  delegate: {
    summary: 'Let somebody decide for you: for a time, at some gates, as what you name',
    who: ['member'],
    stages: OPEN,
    ...ordinary,
  },
  'set-absence': {
    summary: 'Say until when you are away, and who decides for you meanwhile',
    who: ['member'],
    stages: OPEN,
    ...ordinary,
  },
  'withdraw-delegation': {
    summary: 'Take a delegation or an absence back, or give it back',
    who: ['member'],
    stages: OPEN,
    ...strict,
  },
  park: {
    summary: 'Set the use case aside during scoping',
    who: [...OWNERS, 'lead'],
    stages: ['scoping'],
    ...strict,
  },
  resume: {
    summary: 'Take a parked use case up again',
    who: [...OWNERS, 'lead'],
    stages: ['scoping'],
    ...ordinary,
  },
  cancel: {
    summary: 'End the use case before it is live',
    who: ['businessOwner', 'lead'],
    stages: ['scoping', 'specification', 'implementation', 'review', 'release'],
    ...strict,
  },
  'draft-spec': { summary: 'Store a draft of the spec', who: BUILDERS, stages: DELIVERING, ...ordinary },
  'submit-spec': {
    summary: 'Freeze the latest draft and ask for its approval',
    who: BUILDERS,
    stages: DELIVERING,
    ...ordinary,
  },
  'register-release': {
    summary: 'Register a release by its digests',
    who: [...BUILDERS, 'machine'],
    stages: DELIVERING,
    ...ordinary,
  },
  'add-evidence': {
    summary: 'Add evidence; its results are judged against the spec',
    who: ['member', 'machine', ...OWNERS],
    stages: OPEN,
    ...ordinary,
  },
  'submit-for-review': {
    summary: 'Put spec, release and evidence up for review',
    who: BUILDERS,
    stages: DELIVERING,
    ...ordinary,
  },
  'start-rollout': {
    summary: 'Begin the rollout of an approved release',
    who: ['technicalOwner', 'operatingOwner', 'function:operations'],
    stages: ['release', 'live'],
    ...ordinary,
  },
  advance: {
    summary: 'Take the next step of the rollout',
    who: ['technicalOwner', 'operatingOwner', 'function:operations'],
    stages: ['release', 'live'],
    ...ordinary,
  },
  'accept-exposure': {
    summary: 'Accept the release into operation',
    who: ['operatingOwner'],
    stages: ['release', 'live'],
    ...ordinary,
  },
  hold: {
    summary: 'Stop forward movement, or more',
    who: ['stopShipHolder', ...OWNERS, 'lead', 'function:operations', 'function:risk', 'function:governance'],
    stages: OPEN,
    stricter: true,
    signal: true,
  },
  'lift-hold': {
    summary: 'Lift a hold; two keys where the operating model names two',
    who: ['member', ...OWNERS],
    stages: OPEN,
    ...ordinary,
  },
  'stop-ship': {
    summary: 'Stop everything that is under way, by authority',
    who: ['stopShipHolder'],
    stages: OPEN,
    stricter: true,
    signal: true,
  },
  'roll-back': {
    summary: 'Go back to the last eligible release, or the manual fallback',
    who: ['stopShipHolder', 'technicalOwner', 'operatingOwner', 'function:operations'],
    // A promoted pilot serves while its governed delivery is still being specified.
    stages: DELIVERING,
    stricter: true,
    signal: true,
  },
  'report-breach': {
    summary: 'Say that a clause is breached while people are exposed, or that it no longer is',
    who: ['machine', 'function:operations', 'technicalOwner', 'operatingOwner'],
    stages: ['release', 'live'],
    stricter: ({ status }) => status === 'firing',
    signal: false,
  },
  'open-change': {
    summary: 'Propose a change of what serves',
    who: [...OWNERS, 'lead', ...BUILDERS, 'machine'],
    stages: ['live'],
    ...ordinary,
  },
  'withdraw-change': {
    summary: 'Withdraw an open or queued change',
    who: [...OWNERS, 'lead', ...BUILDERS],
    stages: ['live'],
    ...strict,
  },
  'override-materiality': {
    summary: 'Raise the materiality of the open change, or lower it with two keys',
    who: [...OWNERS, 'function:risk', 'function:governance'],
    stages: ['live'],
    ...ordinary,
  },
  'promote-to-governed': {
    summary: 'Ask to carry a pilot over to the governed rules',
    who: ['businessOwner', 'technicalOwner', 'lead'],
    stages: ['live'],
    ...ordinary,
  },
  'extend-pilot': {
    summary: 'Prolong a pilot within its extension',
    who: ['businessOwner', 'technicalOwner', 'function:product', 'function:risk'],
    stages: ['live'],
    ...ordinary,
  },
  'end-pilot': {
    summary: 'End a pilot: exposure zero',
    who: [...OWNERS, 'lead', 'function:product'],
    stages: ['live'],
    ...strict,
  },
  'update-calendar': {
    summary: 'Replace a calendar; pending deadlines move visibly',
    who: ['lead', 'function:governance', 'function:operations'],
    stages: OPEN,
    ...ordinary,
  },
  'accept-migration': {
    summary: 'Go over to a published version of the operating model, with two keys',
    who: [...OWNERS, 'lead', 'function:governance', 'function:risk'],
    stages: OPEN,
    ...ordinary,
  },
  'ratify-finding': {
    summary: 'Ratify what went past the system, as its approver or as an auditor',
    who: ['member', ...RIGHTS, 'auditor'],
    stages: OPEN,
    ...ordinary,
  },
  'set-legal-hold': {
    summary: 'Keep everything from being erased, or no longer',
    who: ['businessOwner', 'auditor'],
    stages: OPEN,
    stricter: ({ on }) => on,
    signal: false,
  },
  'record-drill': {
    summary: 'Record a drill of rollback or stop-ship; it is judged by the time the model allows',
    who: ['stopShipHolder', 'technicalOwner', 'operatingOwner', 'function:operations', 'machine'],
    stages: ['release', 'live'],
    ...ordinary,
  },
  'note-vendor-end': {
    summary: 'Say until when the vendor of a release answers; a rollback goes to none beyond that',
    who: ['technicalOwner', 'operatingOwner', 'function:operations', 'machine'],
    stages: DELIVERING,
    ...ordinary,
  },
  retire: {
    summary: 'Ask to retire the use case',
    who: ['businessOwner', 'technicalOwner', 'lead'],
    stages: ['live'],
    ...ordinary,
  },
};

export const COMMAND_NAMES = Object.keys(COMMANDS) as CommandName[];

/** Whether this very command only makes things stricter. */
export function isStricter<N extends CommandName>(name: N, payload: Readonly<Payloads[N]>): boolean {
  const { stricter } = COMMANDS[name];
  return typeof stricter === 'function' ? stricter(payload) : stricter;
}

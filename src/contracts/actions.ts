/**
 * The one table of everything that can be asked for beside the commands, which have theirs: reads, lists, streams,
 * exports, erasures, and what is public. A route is made from its row and guarded by it; one without a row is no
 * route. `docs/reference/permissions.md` and the matrix test come from both tables.
 */
import type { CommandName } from '../domain/commands/payloads.js';
import { COMMAND_NAMES, COMMANDS, type Who } from '../domain/commands/table.js';
import { ITEM_COMMANDS, type ItemCommandName } from '../domain/operations/item-commands.js';
import { type BusinessFunction, STAGES, type Stage } from '../domain/vocabulary.js';

const ROLE_WORDS = ['auditor', 'policy-editor', 'administrator'] as const;
type RoleWord = (typeof ROLE_WORDS)[number];

/**
 * Whom an action is for. `anybody`: also who is not signed in. `person`: every person who is. `member`: people of
 * the lifecycle's team, or of the team the body names. `machine`: machines, of that team where there is one; no other
 * word covers a machine. The rest are roles and functions, held in any team.
 */
type ActionWho = 'anybody' | 'person' | 'member' | 'machine' | RoleWord | `function:${BusinessFunction}`;

/**
 * What an action is about. `lifecycle`: the one whose key is in its address. `team`: the one its body names. `teams`:
 * whatever the caller's teams cover, and nothing else is in the answer. `policy`: operating models, and so every
 * lifecycle under them; functions count that are held in the policy team. `service`: no team's.
 */
export type About = 'lifecycle' | 'team' | 'teams' | 'policy' | 'service';

/**
 * How somebody is answered whom an action is not for. `unseen`: a lifecycle of other teams is answered as one that does
 * not exist, because its existence is not theirs to know. `seen`: whoever may see it is told that this is not for
 * them. `team`: a team that a body names is refused the same whether it exists or not. `service`: no secret in it.
 */
export const REFUSED_AS = {
  unseen: 'not-found',
  seen: 'not-permitted',
  team: 'not-permitted',
  service: 'not-permitted',
} as const;

export interface ActionRow {
  /** One line for the OpenAPI operation and the matrix. */
  readonly summary: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Address with its parts in braces, as OpenAPI writes it. */
  readonly path: string;
  readonly about: About;
  readonly who: readonly ActionWho[];
  /** Exists only under this trust. */
  readonly trust?: 'dev' | 'signed';
  /** A page for people's browsers: not in the OpenAPI document. */
  readonly page?: true;
}

const read = { method: 'GET', about: 'lifecycle', who: ['member', 'machine', 'auditor'] } as const;
const audit = { about: 'service', who: ['auditor'] } as const;
const open = { method: 'GET', about: 'service', who: ['anybody'] } as const;

/** A command that reaches an exception item; what it asks of the team's people is in its own row. */
function itemCommand(name: ItemCommandName) {
  const { summary, who } = ITEM_COMMANDS[name];
  const machines = who.includes('machine') ? (['machine'] as const) : [];
  return { summary, method: 'POST', about: 'lifecycle', who: ['member', ...machines] } as const;
}

export const ACTIONS = {
  start: {
    summary: 'Start the lifecycle of a use case',
    method: 'POST',
    path: '/v1/lifecycles',
    about: 'team',
    who: ['member'],
  },
  list: {
    summary: 'The lifecycles of your teams, by filters',
    method: 'GET',
    path: '/v1/lifecycles',
    about: 'teams',
    who: ['person', 'machine'],
  },
  show: { summary: 'The lifecycle as it is, for you', path: '/v1/lifecycles/{key}', ...read },
  timeline: {
    summary: 'What happened and what was refused, oldest first',
    path: '/v1/lifecycles/{key}/timeline',
    ...read,
  },
  events: {
    summary: 'The timeline as it grows, by server-sent events',
    path: '/v1/lifecycles/{key}/events',
    ...read,
  },
  route: {
    summary: 'Earliest honest go-live, critical path, what is missing',
    path: '/v1/lifecycles/{key}/route',
    ...read,
  },
  specs: { summary: 'Every version of its spec', path: '/v1/lifecycles/{key}/specs', ...read },
  spec: {
    summary: 'One version of its spec, whole',
    path: '/v1/lifecycles/{key}/specs/{version}',
    ...read,
  },
  'spec-diff': {
    summary: 'What is different between two versions, clause by clause',
    path: '/v1/lifecycles/{key}/specs/{a}/diff/{b}',
    ...read,
  },
  'spec-overview': {
    summary: 'All that a version of its spec compiles to',
    path: '/v1/lifecycles/{key}/specs/{version}/overview',
    ...read,
  },
  'alerting-rules': {
    summary: 'Its live clauses as alerting rules of Prometheus',
    path: '/v1/lifecycles/{key}/specs/{version}/alerting-rules',
    ...read,
  },
  evidence: {
    summary: 'All evidence that was ever added',
    path: '/v1/lifecycles/{key}/evidence',
    ...read,
  },
  releases: {
    summary: 'Every release that was registered, and what became of it',
    path: '/v1/lifecycles/{key}/releases',
    ...read,
  },
  items: { summary: 'The cases that people review', path: '/v1/lifecycles/{key}/items', ...read },
  'open-item': { path: '/v1/lifecycles/{key}/open-item', ...itemCommand('open-item') },
  'decide-item': { path: '/v1/lifecycles/{key}/decide-item', ...itemCommand('decide-item') },
  'use-item': { path: '/v1/lifecycles/{key}/use-item', ...itemCommand('use-item') },
  check: {
    summary: 'Whether a system may take one action: allow, review or block',
    method: 'POST',
    path: '/v1/guard/{key}/check',
    about: 'lifecycle',
    who: ['machine'],
  },
  alertmanager: {
    summary: 'What Alertmanager says of live clauses',
    method: 'POST',
    path: '/v1/alerts/alertmanager',
    about: 'teams',
    who: ['machine'],
  },
  decisions: {
    summary: 'Every decision with what proves it, as in-toto statements in DSSE envelopes',
    path: '/v1/lifecycles/{key}/decisions',
    ...read,
  },
  envelope: {
    summary: 'A signed envelope for one command, to be sent to the engine as a signal',
    method: 'POST',
    path: '/v1/envelopes',
    about: 'service',
    who: ['person', 'machine'],
  },
  document: {
    summary: 'What a digest in its ledger stands for',
    path: '/v1/lifecycles/{key}/documents/{digest}',
    ...read,
  },
  inbox: {
    summary: 'What waits on you, soonest due first',
    method: 'GET',
    path: '/v1/inbox',
    about: 'teams',
    who: ['person'],
  },
  portfolio: {
    summary: 'What is open in your teams, counted',
    method: 'GET',
    path: '/v1/portfolio',
    about: 'teams',
    who: ['person', 'machine'],
  },
  'operating-models': {
    summary: 'The operating models, with the questions each asks',
    method: 'GET',
    path: '/v1/operating-models',
    about: 'service',
    who: ['person', 'machine'],
  },
  'propose-policy': {
    summary: 'Propose a new version of an operating model',
    method: 'POST',
    path: '/v1/operating-models',
    about: 'policy',
    who: ['policy-editor'],
  },
  'show-policy': {
    summary: 'A proposed version: its gate, its dry run, what became of it',
    method: 'GET',
    path: '/v1/operating-models/{name}/{version}',
    about: 'policy',
    who: ['person'],
  },
  'policy-report': {
    summary: 'The last dry run of a proposed version, lifecycle by lifecycle',
    method: 'GET',
    path: '/v1/operating-models/{name}/{version}/dry-run',
    about: 'policy',
    who: ['policy-editor', 'function:governance', 'function:risk', 'auditor'],
  },
  'dry-run-policy': {
    summary: 'What a version would change for every open lifecycle; of a proposed one it opens the gate',
    method: 'POST',
    path: '/v1/operating-models/{name}/{version}/dry-run',
    about: 'policy',
    who: ['policy-editor', 'function:governance', 'function:risk'],
  },
  'decide-policy': {
    summary: 'Answer at the gate of a proposed version',
    method: 'POST',
    path: '/v1/operating-models/{name}/{version}/decide',
    about: 'policy',
    who: ['person'],
  },
  'retract-policy': {
    summary: 'Take back your answer at the gate of a proposed version',
    method: 'POST',
    path: '/v1/operating-models/{name}/{version}/retract-decision',
    about: 'policy',
    who: ['person'],
  },
  'withdraw-policy': {
    summary: 'Withdraw a proposed version',
    method: 'POST',
    path: '/v1/operating-models/{name}/{version}/withdraw',
    about: 'policy',
    who: ['policy-editor'],
  },
  'publish-policy': {
    summary: 'Publish a version whose gate has passed',
    method: 'POST',
    path: '/v1/operating-models/{name}/{version}/publish',
    about: 'policy',
    who: ['policy-editor', 'function:governance', 'function:risk'],
  },
  'ledger-export': {
    summary: 'A bundle that can be verified without us',
    method: 'GET',
    path: '/v1/ledger/export',
    ...audit,
  },
  'ledger-checkpoints': {
    summary: 'The signed checkpoints',
    method: 'GET',
    path: '/v1/ledger/checkpoints',
    ...audit,
  },
  'ledger-verify': {
    summary: 'Check everything that is recorded against its hashes and checkpoints',
    method: 'POST',
    path: '/v1/ledger/verify',
    ...audit,
  },
  erase: {
    summary: 'Make what somebody wrote unreadable, everywhere and for good',
    method: 'POST',
    path: '/v1/ledger/erasures',
    ...audit,
  },
  'dev-token': {
    summary: 'A token for a person of the people file',
    method: 'POST',
    path: '/v1/dev/token',
    about: 'service',
    who: ['anybody'],
    trust: 'dev',
  },
  person: {
    summary: 'What was ever on record about somebody: functions, credentials, absences',
    method: 'GET',
    path: '/v1/people/{id}',
    about: 'service',
    who: ['auditor', 'administrator'],
  },
  'api-keys': {
    summary: 'The keys of machines, without what opens with them',
    method: 'GET',
    path: '/v1/api-keys',
    about: 'service',
    who: ['administrator'],
  },
  'create-api-key': {
    summary: 'Make a key for a machine',
    method: 'POST',
    path: '/v1/api-keys',
    about: 'service',
    who: ['administrator'],
  },
  'revoke-api-key': {
    summary: 'End a key for good',
    method: 'DELETE',
    path: '/v1/api-keys/{id}',
    about: 'service',
    who: ['administrator'],
  },
  'sign-in': {
    summary: 'Where tokens come from, for clients that have none yet',
    path: '/.well-known/oauth-protected-resource',
    ...open,
  },
  healthz: { summary: 'Whether this process answers', path: '/healthz', ...open },
  readyz: { summary: 'Whether the engine and the ledger can be used', path: '/readyz', ...open },
  metrics: {
    summary: 'Of this process and of how far the ledger is behind, for Prometheus',
    path: '/metrics',
    ...open,
  },
  openapi: { summary: 'The OpenAPI document', path: '/openapi.json', page: true, ...open },
  docs: { summary: 'The same to read and to try', path: '/docs', page: true, ...open },
  'docs-file': { summary: 'What that page is made of', path: '/docs/{file}', page: true, ...open },
} as const satisfies { readonly [name: string]: ActionRow };

export type ActionName = keyof typeof ACTIONS;
/** Everything that a credential can be scoped to, and that a denial can be about. */
export type Permission = ActionName | CommandName;

export const ACTION_NAMES = Object.keys(ACTIONS) as ActionName[];
export const PERMISSIONS: readonly Permission[] = [...ACTION_NAMES, ...COMMAND_NAMES];

/** One row of the matrix: whom something is for, and in which stages of a lifecycle. */
export interface MatrixRow {
  readonly permission: Permission;
  readonly summary: string;
  readonly method: ActionRow['method'];
  readonly path: string;
  readonly about: About;
  readonly who: readonly (ActionWho | Who)[];
  /** Empty for what is about no lifecycle. */
  readonly stages: readonly Stage[];
}

/** Both tables as one: actions first, then commands. */
export const MATRIX: readonly MatrixRow[] = [
  ...ACTION_NAMES.map((permission): MatrixRow => {
    const { summary, method, path, about, who } = actionRow(permission);
    // What is recorded stays readable for good.
    return { permission, summary, method, path, about, who, stages: about === 'lifecycle' ? STAGES : [] };
  }),
  ...COMMAND_NAMES.map((permission): MatrixRow => {
    const { summary, who, stages } = COMMANDS[permission];
    const path = `/v1/lifecycles/{key}/${permission}`;
    return { permission, summary, method: 'POST', path, about: 'lifecycle', who, stages };
  }),
];

const ROWS = new Map(MATRIX.map((row) => [row.permission, row]));

/** The row of an action or a command. */
export function rowOf(permission: Permission): MatrixRow {
  const row = ROWS.get(permission);
  if (row === undefined) throw new TypeError(`${permission} has no row; write it in contracts/actions.ts`);
  return row;
}

/** Whether a word of the matrix is a role, which people have in no team. */
export function isRoleWord(word: string): word is RoleWord {
  return (ROLE_WORDS as readonly string[]).includes(word);
}

/** The row of an action, without the literal types of the table. */
export function actionRow(name: ActionName): ActionRow {
  return ACTIONS[name];
}

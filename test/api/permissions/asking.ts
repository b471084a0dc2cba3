/** The running API with a lifecycle in each stage, and one question for each cell of the matrix. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createPeopleFile } from '../../../src/adapters/people-file.js';
import type { Auditing } from '../../../src/api/deps.js';
import type { MatrixRow } from '../../../src/contracts/actions.js';
import { COMMAND_BODIES } from '../../../src/contracts/commands.js';
import type { CommandName } from '../../../src/domain/commands/payloads.js';
import { COMMAND_NAMES } from '../../../src/domain/commands/table.js';
import type { Json } from '../../../src/domain/json.js';
import type { Actor } from '../../../src/domain/lifecycle/actor.js';
import { STAGES } from '../../../src/domain/vocabulary.js';
import { createDevAuthenticator } from '../../../src/identity/dev-tokens.js';
import type { Ledger, LedgerEntry } from '../../../src/ports/ledger.js';
import { temporaryFolder } from '../../ports/temporary-folder.js';
import { STANDARD } from '../../support/decider/use-cases.js';
import { rowOf as listed, MemoryReadModel } from '../memory-read-model.js';
import { GOVERNED, NO_KEYS as NO_KEYS_AT_ALL, runningApi } from '../running-api.js';
import type { Verdict } from './expectation.js';
import { peopleFile, type Role, TEAM, tokenOf } from './roles.js';
import { keyOf, stagedLifecycles } from './staged-lifecycles.js';

const REPORT = { ok: true, chains: 0, entries: 0, checkpoints: 0, problems: [] };
const AUDITING: Auditing = {
  exportBundle: (_scope, write) => write('{}\n'),
  checkpoints: async () => [],
  verify: async () => REPORT,
};

/** Nothing is kept, and there are no keys. */
const KEEPING = {
  referenced: async () => undefined,
  erase: async () => ({ documents: 0, entry: 'erasure/1' }),
};
const NO_KEYS = {
  ...NO_KEYS_AT_ALL,
  list: async () => [],
  revoke: async () => undefined,
};

/** Keeps what is appended, in order, and looks nothing up: there are thousands of denials. */
class Recording implements Ledger {
  readonly entries: LedgerEntry[] = [];
  append: Ledger['append'] = async (entries) => {
    this.entries.push(...entries);
  };
  read: Ledger['read'] = async () => ({ entries: [], next: null });
}

/** A role as the API presents it to the lifecycle. */
export function actorOf({ name, team, functions, roles }: Role): Actor {
  const held = team === TEAM.id ? functions : [];
  return { person: name, functions: held, roles, teams: team === null ? [] : [team], verified: false };
}

export async function askingApi() {
  const file = join(await temporaryFolder(), 'people.yaml');
  await writeFile(file, peopleFile());
  const people = createPeopleFile(file);
  const { gateway, stories } = stagedLifecycles();
  const ledger = new Recording();
  const readModel = new MemoryReadModel();
  for (const stage of STAGES) readModel.add(listed(keyOf(stage), { stage, team: TEAM.id }));
  const api = await runningApi({
    gateway,
    ledger,
    readModel,
    auditing: AUDITING,
    keeping: KEEPING,
    apiKeys: NO_KEYS,
    directory: people,
    devTokens: people,
    authenticator: createDevAuthenticator(people),
  });

  /** Asks for a cell under a request id of its own; a stream is left once it has begun. */
  const ask = async (row: MatrixRow, role: Role, key: string, requestId: string): Promise<Answered> => {
    const leaving = new AbortController();
    const token = tokenOf(role);
    const body = bodyOf(row, key);
    const response = await fetch(api.origin + addressOf(row, key), {
      method: row.method,
      headers: {
        'x-request-id': requestId,
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: leaving.signal,
    });
    const streams = response.headers.get('content-type')?.startsWith('text/event-stream');
    const text = streams ? '' : await response.text();
    leaving.abort();
    return { status: response.status, text };
  };
  return { api, ledger, stories, ask };
}

export type AskingApi = Awaited<ReturnType<typeof askingApi>>;

export interface Answered {
  readonly status: number;
  readonly text: string;
}

const isCommand = (name: string): name is CommandName => (COMMAND_NAMES as readonly string[]).includes(name);

const PARTS: { readonly [part: string]: string } = {
  version: '1',
  a: '1',
  b: '1',
  digest: `sha256:${'0'.repeat(64)}`,
  file: 'open.js',
};

function addressOf({ path }: MatrixRow, key: string): string {
  return path.replaceAll(/\{(\w+)\}/g, (_all, part: string) =>
    part === 'key' ? key : (PARTS[part] ?? 'none'),
  );
}

function bodyOf({ permission, method }: MatrixRow, key: string): Json | undefined {
  if (method === 'GET') return undefined;
  if (permission === 'start') return { ...GOVERNED, key: 'another', team: TEAM.id };
  if (permission === 'dev-token') return { person: 'member' };
  if (!isCommand(permission)) return {};
  const example = COMMAND_BODIES[permission].example as { readonly [field: string]: Json };
  // What is looked up on the way to the decider has to be there.
  if (permission === 'draft-spec') return { spec: { ...(example.spec as object), spec: key } };
  if (permission === 'accept-migration') return { version: STANDARD.version };
  if (permission !== 'add-evidence') return example;
  const { producer: _producer, ...own } = example;
  return own;
}

interface Refusal {
  readonly code?: string;
  readonly message?: string;
}

/** What a refusal says of the matrix: why the decider refuses what the matrix lets pass does not matter here. */
export function verdictOfRefusal(permission: string, { code, message = '' }: Refusal = {}): Verdict {
  if (code === 'closed' && message.startsWith('the lifecycle is')) return 'closed';
  if (code === 'wrong-stage' && message.startsWith(`${permission} belongs to`)) return 'wrong-stage';
  if (code === 'not-found' && message.startsWith('there is no lifecycle ')) return 'unseen';
  const ours = message.startsWith(`${permission} is for `) || message.includes(' is no member of team ');
  return code === 'not-permitted' && ours ? 'denied' : 'passes';
}

/** The same of an answer. */
export function verdictOf({ permission }: MatrixRow, { status, text }: Answered): Verdict {
  if (status === 401) return 'unauthenticated';
  if (status >= 500) return 'broken';
  const problem = text.startsWith('{"type":"urn:')
    ? (JSON.parse(text) as { code: string; detail: string })
    : null;
  return problem === null
    ? 'passes'
    : verdictOfRefusal(permission, { code: problem.code, message: problem.detail });
}

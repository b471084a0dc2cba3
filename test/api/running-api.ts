import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { createModelFolder } from '../../src/adapters/model-folder.js';
import { createPeopleFile } from '../../src/adapters/people-file.js';
import { createSpools } from '../../src/adapters/spool.js';
import { createApp } from '../../src/api/create-app.js';
import type { ApiDeps, Auditing } from '../../src/api/deps.js';
import { createHttpServer } from '../../src/api/http-server.js';
import type { DryRunReport } from '../../src/contracts/policy.js';
import type { ProblemDocument } from '../../src/contracts/problem.js';
import type { Json } from '../../src/domain/json.js';
import type { LifecycleView } from '../../src/domain/lifecycle/view.js';
import type { ProposalView } from '../../src/domain/policy-change/view.js';
import { createDevAuthenticator } from '../../src/identity/dev-tokens.js';
import { IdentityUnavailable } from '../../src/ports/authenticator.js';
import { DocumentsUnavailable } from '../../src/ports/documents.js';
import { LedgerUnavailable } from '../../src/ports/ledger.js';
import { temporaryFolder } from '../ports/temporary-folder.js';
import { MemoryDocuments } from '../support/memory-documents.js';
import { Authority } from '../support/signing.js';
import { InProcessItems } from './in-process-items.js';
import { InProcessLifecycles } from './in-process-lifecycles.js';
import { InProcessPolicies } from './in-process-policies.js';
import { MemoryGuardLeases, MemoryGuardSource } from './memory-guard.js';
import { MemoryItems } from './memory-items.js';
import { MemoryLedger } from './memory-ledger.js';
import { MemoryReadModel } from './memory-read-model.js';

/** The fields of all the answers there are: a test reads those of the answer it expects. */
interface Body extends LifecycleView {
  readonly events: readonly string[];
  readonly lifecycle: LifecycleView;
  readonly replayed: boolean;
  readonly id: string;
  readonly code: string;
  readonly items: readonly {
    readonly id: string;
    readonly name: string;
    readonly facts: readonly { id: string }[];
  }[];
  readonly nextCursor: string;
  readonly unusable: readonly unknown[];
  readonly whatIf: readonly unknown[];
  readonly proposal: ProposalView;
  readonly proposals: readonly unknown[];
  readonly report: DryRunReport;
  readonly gate: ProposalView['gate'];
}

/** An answer with its body parsed; `problem` is the same body for a refusal. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  readonly text: string;
  readonly problem: ProblemDocument;
}

export interface Asked {
  readonly as?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, instead of a JSON value. */
  readonly raw?: string | Uint8Array<ArrayBuffer>;
}

const nothing = async (): Promise<never> => {
  throw new LedgerUnavailable('nobody audits here');
};
const NO_AUDITING: Auditing = { exportBundle: nothing, checkpoints: nothing, verify: nothing };
const unkept = async (): Promise<never> => {
  throw new DocumentsUnavailable('nobody keeps documents here');
};
const NO_KEEPING = { referenced: unkept, erase: unkept };
const keyless = async (): Promise<never> => {
  throw new IdentityUnavailable('no machine has a key here');
};
export const NO_KEYS = { create: keyless, list: keyless, revoke: keyless };

/** Parsed once: the folder is the shipped one. */
const models = createModelFolder('operating-models');

/** The API on a free port of loopback, with the shipped people and models and files in a folder of its own. */
export async function runningApi(overrides: Partial<ApiDeps> = {}) {
  const folder = await temporaryFolder();
  const lines: string[] = [];
  const logger = pino(
    { level: 'debug', redact: ['req.headers.authorization'] },
    { write: (line) => lines.push(line) },
  );
  const ledger = new MemoryLedger();
  const documents = new MemoryDocuments();
  const people = createPeopleFile('examples/people.yaml');
  const lifecycles = new InProcessLifecycles();
  const readModel = new MemoryReadModel(ledger);
  const inProcessItems = new InProcessItems((key) => lifecycles.entity(key).state, ledger);
  const inProcessPolicies = new InProcessPolicies(ledger);
  const { app, endStreams, close, guard } = createApp({
    gateway: lifecycles,
    itemGateway: inProcessItems,
    authenticator: createDevAuthenticator(people),
    apiKeys: NO_KEYS,
    people: { of: async () => undefined },
    directory: people,
    devTokens: people,
    documents,
    keeping: NO_KEEPING,
    ledger,
    openSpool: createSpools(join(folder, 'spool'), logger),
    readModel,
    items: new MemoryItems(ledger, () => lifecycles.keys()),
    guardSource: new MemoryGuardSource(() => lifecycles.keys().map((key) => lifecycles.entity(key).state)),
    guardLeases: new MemoryGuardLeases(),
    metricDefinitions: async () => undefined,
    auditing: NO_AUDITING,
    models,
    policyGateway: inProcessPolicies,
    publications: inProcessPolicies,
    openStates: {
      page: async () => ({
        states: lifecycles.keys().map((key) => lifecycles.entity(key).state),
        unseen: [],
        next: null,
      }),
    },
    policyTeam: 'policy-office',
    trust: 'dev',
    publicUrl: 'http://127.0.0.1',
    logger,
    ...(overrides.trust === 'signed' && { signer: new Authority().signer() }),
    ...overrides,
  });
  const { server, serve } = createHttpServer({});
  serve(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    endStreams();
    server.closeAllConnections();
    server.close();
    await close();
  });
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;

  const send = async (method: string, path: string, value?: Json, asked: Asked = {}): Promise<Answer> => {
    const { as = 'ravi', headers = {}, raw } = asked;
    const body = raw ?? (value === undefined ? null : JSON.stringify(value));
    const response = await fetch(origin + path, {
      method,
      body,
      headers: {
        ...(body !== null && { 'content-type': 'application/json' }),
        ...(as !== null && { authorization: `Bearer dev-${as}` }),
        ...headers,
      },
    });
    const text = await response.text();
    const isJson = /\/(problem\+)?json\b/.test(response.headers.get('content-type') ?? '');
    const parsed = isJson ? JSON.parse(text) : text;
    return { status: response.status, headers: response.headers, text, body: parsed, problem: parsed };
  };

  return {
    origin,
    port,
    lifecycles,
    inProcessItems,
    inProcessPolicies,
    readModel,
    documents,
    ledger,
    endStreams,
    close,
    guard,
    lines,
    get: (path: string, asked?: Asked) => send('GET', path, undefined, asked),
    post: (path: string, value: Json, asked?: Asked) => send('POST', path, value, asked),
    send,
  };
}

export type RunningApi = Awaited<ReturnType<typeof runningApi>>;

/** Answers that make a use case medium. */
const MILD = {
  'eu-prohibited-practice': 'none',
  where: ['other'],
  'eu-high-risk-area': 'none',
  effect: 'informs',
  autonomy: 'suggests',
  money: 'none',
  data: 'internal',
  activity: 'none',
  technique: 'generative',
  reliance: 'under-1-percent',
  reach: 'up-to-1000',
  supplier: 'pinned-vendor',
} as const;

/** A start of the shipped onboarding team, governed and high. */
export const GOVERNED = {
  key: 'kyc-onboarding',
  title: 'Broker KYC onboarding',
  mode: 'governed',
  team: 'broker-onboarding',
  brief: {
    summary: 'Opens broker accounts.',
    value: 'Hours to open: 26 to 4.',
    users: 'Applicants; the desk.',
  },
  rights: { businessOwner: 'asha', technicalOwner: 'ravi', operatingOwner: 'meera' },
  facts: {},
} as const;

/** A pilot of the same team with its partner. */
export const PILOT = {
  key: 'meeting-notes',
  title: 'Minutes of team meetings',
  mode: 'pilot',
  team: 'broker-onboarding',
  purpose: 'Draft the minutes; whoever led the meeting corrects them.',
  may: [{ id: 'y1', action: 'draft minutes' }],
  mustNot: [{ id: 'n1', action: 'send anything by itself', onAttempt: 'block' }],
  cohort: { description: 'Two teams.', people: ['p-001', 'p-002'] },
  fallback: { manual: 'somebody takes notes', runbook: 'RB-3', standsFor: '30d' },
  endsAt: new Date(Date.now() + 20 * 86_400_000).toISOString(),
  partner: 'priya',
  facts: MILD,
} as const;

import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readView, type View } from '../../src/cli/client/lifecycles.js';
import { readExample } from '../../src/cli/journey/example.js';
import { Journeying } from '../../src/cli/journey/journeying.js';
import { Narrator } from '../../src/cli/journey/narrator.js';
import { createSessions } from '../../src/cli/journey/sessions.js';
import { createTerminal } from '../../src/cli/terminal/terminal.js';
import type { ProblemDocument } from '../../src/contracts/problem.js';
import { newHome, removeHome, type StartedUp, startUp } from '../support/up.js';

const KEY = 'tax-payments';

/** A model whose one gate asks for two people of risk, of whom the team has one. */
const NARROW = `extends: standard.yaml
name: narrow
version: 1
rules:
  governed:
    medium: {gates: {specification: {seats: [risk, risk]}}}
`;

let home: string;
let up: StartedUp;
const silent = createTerminal({ write: () => undefined }, { write: () => undefined }, false);

beforeAll(async () => {
  home = await newHome();
  const models = join(home, 'operating-models');
  await cp('operating-models', models, { recursive: true });
  await writeFile(join(models, 'narrow.yaml'), NARROW);
  up = await startUp({ home, variables: { AIRWORTHY_OPERATING_MODELS: models } });
  const example = readExample(`examples/${KEY}`);
  const sessions = createSessions(up.addresses.api, 10_000);
  const setting = { example, key: KEY, timeScale: 1, sessions, narrator: new Narrator(silent, KEY, 1) };
  const journeying = new Journeying(setting, 'divya');
  // The spec is submitted and leena has approved: one seat of two is filled.
  for (const step of example.journey.steps.slice(0, 5)) await journeying.take(step);
  await journeying.take({ by: 'leena', at: 'specification', decide: 'approve' });
});
afterAll(async () => {
  await up.stop();
  await removeHome(home);
});

const view = (): Promise<View> =>
  createSessions(up.addresses.api, 0).as('divya', (api) => readView(api, KEY));

async function post(path: string, as: string, body: unknown): Promise<ProblemDocument & { status: number }> {
  const answer = await fetch(`${up.addresses.api}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer dev-${as}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return (await answer.json()) as ProblemDocument;
}

const command = (name: string, as: string, body: unknown) => post(`/v1/lifecycles/${KEY}/${name}`, as, body);

const answer = async (changes: object = {}) => {
  const [gate] = (await view()).gates;
  const { generation, subject } = gate ?? {};
  return { gate: 'specification', generation, subject, decision: 'approve', ...changes };
};

const spec = { spec: KEY, purpose: 'p', fallback: { manual: 'm', runbook: 'r', standsFor: '5d' } };
const clause = (letter: string, n: number) => ({
  id: `${letter}${n}`,
  action: `${letter}${n} `.padEnd(500, 'x'),
  onAttempt: 'block',
});
const many = (letter: string) => Array.from({ length: 40 }, (_, n) => clause(letter, n));
const binds = Object.fromEntries(
  Array.from({ length: 40 }, (_, n) => [`prompt.s${n}`, Array.from({ length: 40 }, (_, m) => `n${m}`)]),
);

const cases: readonly (readonly [
  string,
  () => Promise<ProblemDocument>,
  Partial<ProblemDocument>,
  string | RegExp,
])[] = [
  [
    'an unknown field',
    () => command('hold', 'omkar', { effect: 'forward', reason: 'r', why: 'x' }),
    { status: 422, code: 'invalid-body' },
    '/why',
  ],
  [
    'a spec over the limit',
    () => command('draft-spec', 'hari', { spec: { ...spec, may: many('y'), mustNot: many('n'), binds } }),
    { status: 422, code: 'invalid-body' },
    /compiles to \d+ bytes, at most 16384 fit/,
  ],
  [
    'a wrong stage',
    () => command('open-change', 'hari', { kind: 'prompt', changedSections: [], reason: 'r' }),
    { status: 409, code: 'wrong-stage' },
    'stage',
  ],
  [
    'a stale subject',
    async () => command('decide', 'gita', await answer({ subject: `sha256:${'0'.repeat(64)}` })),
    { status: 409, code: 'stale-subject' },
    'subject',
  ],
  [
    'a second seat for the same person',
    async () => command('decide', 'leena', await answer({ seat: 'governance' })),
    { code: 'already-decided' },
    'person',
  ],
  [
    'a closed gate',
    async () => command('decide', 'gita', await answer({ gate: 'scoping' })),
    { status: 409, code: 'gate-closed' },
    'gate',
  ],
  [
    'an unknown person',
    () => command('assign-right', 'divya', { right: 'operatingOwner', person: 'nobody' }),
    { status: 404, code: 'not-found' },
    'person',
  ],
  [
    'malformed JSON',
    () => command('park', 'bela', '{"reason": '),
    { status: 400, code: 'malformed-json' },
    /not JSON/,
  ],
  [
    'an operating model with a gate nobody can pass',
    () =>
      post('/v1/lifecycles', 'divya', {
        ...{ key: 'tax-narrow', title: 'T', mode: 'governed', team: 'tax-filing', operatingModel: 'narrow' },
        brief: { summary: 's', value: 'v', users: 'u' },
        facts: readExampleFacts(),
      }),
    { status: 422, code: 'unstaffed' },
    /seat risk-2 of the specification gate/,
  ],
];

function readExampleFacts(): object {
  const facts = [
    'none',
    ['India-RBI'],
    'none',
    'informs',
    'after-approval',
    'none',
    'personal',
    'none',
    'generative',
  ];
  const rest = ['under-1-percent', 'more', 'vendor-can-change'];
  const ids = [
    'eu-prohibited-practice',
    'where',
    'eu-high-risk-area',
    'effect',
    'autonomy',
    'money',
    'data',
    'activity',
  ];
  const more = ['technique', 'reliance', 'reach', 'supplier'];
  return Object.fromEntries([...ids, ...more].map((id, index) => [id, [...facts, ...rest][index]]));
}

describe('bad input over HTTP', () => {
  it.each(cases)(
    '%s: is refused with the fact and the fix, and nothing has changed',
    async (_what, send, expected, about) => {
      const before = await view();
      const problem = await send();
      expect(problem).toMatchObject({ ...expected, type: `urn:airworthy:problem:${problem.code}` });
      const words = [
        problem.detail,
        ...problem.reasons.flatMap(({ pointer, fact, message }) => [pointer, fact, message]),
      ];
      expect(words.join('\n')).toMatch(about);
      expect(await view()).toEqual(before);
    },
  );
});

/** The light path where everything has to be proven: people by an OpenID provider, commands by certified keys. */
import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { DecisionItem } from '../../src/contracts/decisions.js';
import { keyIdOf } from '../../src/contracts/proof/dsse.js';
import { inCheckout } from '../../src/main/checkout.js';
import { devServerProgram } from '../../src/main/temporal-server.js';
import { publicKeysIn } from '../../src/signing/sources.js';
import { checkedByOthers } from '../api/standard-dsse.js';
import { AUDIENCE, loopbackIssuer, makeKey, signed } from '../identity/oidc/loopback-issuer.js';
import { eventually } from '../support/eventually.js';
import { newHome, removeHome, type StartedUp, startUp } from '../support/up.js';
import { airworthy, airworthyWith, type Ended } from './programs.js';

const home = await newHome();
let up: StartedUp | undefined;
afterAll(async () => {
  await up?.stop();
  await removeHome(home);
});

interface Known {
  readonly people: readonly { readonly id: string; readonly token?: string }[];
}

/** The people of the examples, by what the issuer calls them instead of by tokens. */
async function peopleOf(issuer: string): Promise<string> {
  const known = parse(await readFile(inCheckout('examples', 'people.yaml'), 'utf8')) as Known;
  const people = known.people.map(({ token: _token, ...person }) => ({
    ...person,
    credentials: [{ issuer, subject: `u-${person.id}` }],
  }));
  const file = join(home, 'people.yaml');
  await writeFile(file, stringify({ ...known, people }));
  return file;
}

async function succeeds(ended: Promise<Ended>): Promise<string> {
  const { code, out, err } = await ended;
  if (code !== 0) throw new Error(`exit code ${code}: ${err}`);
  return out;
}

/** A key to sign commands with, certified where the API looks for it; answers its public half in hex. */
async function certifiedKey(root: string): Promise<string> {
  const request = join(home, 'request.pem');
  await writeFile(request, await succeeds(airworthy(home, 'keys', 'make')));
  await succeeds(airworthy(home, 'keys', 'certify', request, '--root', root, '--for', '30d', '--install'));
  return publicKeysIn(await readFile(request, 'utf8'))[0] ?? '';
}

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const START = [
  ...['start', '--pilot', '--key', 'meeting-notes', '--team', 'broker-onboarding', '--partner', 'priya'],
  ...['--title', 'Minutes of team meetings', '--purpose', 'Draft the minutes; whoever led sends them.'],
  ...['--may', 'draft minutes', '--must-not', 'send anything by itself'],
  ...['--cohort', 'examples/meeting-notes/cohort.txt', '--ends', inDays(20)],
  ...['--facts', 'examples/meeting-notes/usecase.yaml#facts'],
];

it('goes from one start to live, proven at every step, over a change of keys, past a forger', async () => {
  const issuerKey = makeKey('k1');
  const issuer = await loopbackIssuer([issuerKey]);
  const root = join(home, 'safe', 'root.pem');
  const roots = join(home, 'roots.pem');
  await writeFile(roots, await succeeds(airworthy(home, 'keys', 'make-root', root)));
  const first = await certifiedKey(root);
  const { privateKey } = generateKeyPairSync('ed25519');
  up = await startUp({
    home,
    variables: {
      AIRWORTHY_TRUST: 'signed',
      AIRWORTHY_OIDC_ISSUER: issuer.name,
      AIRWORTHY_OIDC_AUDIENCE: AUDIENCE,
      AIRWORTHY_PEOPLE: await peopleOf(issuer.name),
      AIRWORTHY_ROOT_KEYS_FILE: roots,
      AIRWORTHY_MASTER_KEY: randomBytes(32).toString('base64'),
      AIRWORTHY_SIGNING_KEY: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
      AIRWORTHY_RECONCILE_EVERY: '10s',
    },
  });
  const { temporal, api } = up.addresses;
  const tokenOf = (person: string) =>
    signed(issuerKey, issuer.name, { sub: `u-${person}`, auth_time: nowSeconds() });
  const as = async (person: string, ...args: readonly string[]) =>
    succeeds(airworthyWith(await tokenOf(person), home, ...args));

  const started = JSON.parse(await as('ravi', ...START, '--json'));
  expect(started).toMatchObject({
    stage: 'scoping',
    model: { name: 'standard' },
    gates: [{ gate: 'start' }],
  });

  // Somebody with the Temporal CLI, before the partner has answered.
  const [gate] = started.gates;
  const { command } = await devServerProgram({ variables: process.env, say: () => undefined }, { port: 1 });
  const actor = {
    person: 'priya',
    functions: ['product'],
    roles: [],
    teams: ['broker-onboarding'],
    verified: true,
  };
  const payload = { gate: 'start', generation: gate.generation, subject: gate.subject, decision: 'approve' };
  const input = JSON.stringify({ id: 'forged-1', digest: 'forged-1', actor, payload });
  const where = ['--workflow-id', 'lifecycle/meeting-notes', '--address', temporal, '--name'];
  const forged = promisify(execFile)(command, [
    'workflow',
    'update',
    'execute',
    ...where,
    'decide',
    '--input',
    input,
  ]);
  await expect(forged).rejects.toThrow(/it carries no proof that the API sent it/);

  await as('priya', 'decide', 'meeting-notes', 'start', 'approve', '-m', 'small');
  const live = await eventually('it is live', async () => {
    const view = JSON.parse(await as('ravi', 'show', 'meeting-notes', '--json'));
    return view.stage === 'live' && view.exposure.applied !== 'unknown' && view;
  });
  expect(live).toMatchObject({ mode: 'pilot', serving: { label: 'r1' }, holds: [], findings: [] });

  const { items } = JSON.parse(
    await eventually('the decision is recorded', async () => {
      const told = await as('zoya', 'decisions', 'meeting-notes', '--json');
      return JSON.parse(told).items.length > 0 && told;
    }),
  ) as { items: DecisionItem[] };
  const [decision] = items;
  const [rootKey = ''] = publicKeysIn(await readFile(roots, 'utf8'));
  expect(items).toHaveLength(1);
  expect(await checkedByOthers(decision?.envelope ?? {}, keyIdOf(first), first)).toMatchObject({
    predicate: { actor: { person: 'priya' }, answer: { decision: 'approve' }, policy: live.model.digest },
  });
  expect(await checkedByOthers(decision?.certificate ?? {}, keyIdOf(rootKey), rootKey)).toMatchObject({
    key: first,
  });

  // The next key takes over while everything runs.
  const second = await certifiedKey(root);
  await sleep(5_500);
  const envelope = await fetch(`${api}/v1/envelopes`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await tokenOf('kavya')}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      lifecycle: 'meeting-notes',
      command: 'stop-ship',
      body: { scope: 'serving', reason: 'wrong names' },
    }),
  }).then((answer) => answer.json() as Promise<{ argument: { proof: { certificate: { key: string } } } }>);
  expect(envelope.argument.proof.certificate.key).toBe(second);
  const sent = ['workflow', 'signal', ...where, 'stop-ship', '--input', JSON.stringify(envelope.argument)];
  await promisify(execFile)(command, sent);
  const stopped = await eventually('it is stopped', async () => {
    const view = JSON.parse(await as('ravi', 'show', 'meeting-notes', '--json'));
    return view.holds.length > 0 && view;
  });
  expect(stopped.holds).toMatchObject([{ source: 'stop-ship', by: 'kavya', verified: true }]);

  // Two passes of the reconciler: nothing of this went past us.
  await sleep(22_000);
  const { findings } = JSON.parse(await as('ravi', 'show', 'meeting-notes', '--json'));
  expect(findings).toEqual([]);
});

const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

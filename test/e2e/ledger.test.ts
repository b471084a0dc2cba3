import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../../src/cli/client/api-client.js';
import { askView, type Entry, readTimeline, sendCommand } from '../../src/cli/client/lifecycles.js';
import { exampleBody, readExample } from '../../src/cli/journey/example.js';
import { createSessions, type Sessions } from '../../src/cli/journey/sessions.js';
import { fillIn } from '../../src/cli/written/words.js';
import type { Checkpoint } from '../../src/contracts/records.js';
import { lifecycleId } from '../../src/workflows/messages.js';
import { eventually } from '../support/eventually.js';
import { newHome, removeHome, type StartedUp, startUp } from '../support/up.js';
import { airworthy } from './programs.js';

const KEY = 'tax-payments';
const PILOT = 'meeting-notes';
const COMMENT = 'Nothing here promises a waiver.';

let up: StartedUp;
let sessions: Sessions;
let bundle: string;

const cli = (...args: readonly string[]) => airworthy(up.home, ...args);
const as = <T>(person: string, call: (api: ApiClient) => Promise<T>) => sessions.as(person, call);
const view = async (key = KEY) => (await as('zoya', (api) => askView(api, key))).view;
const send = (person: string, name: string, body: unknown, key = KEY) =>
  as(person, (api) => sendCommand(api, key, name, body));
const timeline = async (key = KEY) => (await as('zoya', (api) => readTimeline(api, key, undefined))).items;

/** An example, under the rules that leave people days to decide. */
async function start(name: string, by: string): Promise<void> {
  const body = fillIn(
    exampleBody(readExample(`examples/${name}`), './usecase.yaml', name),
    undefined,
    Date.now(),
  );
  await as(by, (api) => api.post('/v1/lifecycles', { ...(body as object), operatingModel: 'standard' }));
}

async function decide(person: string, gate: string, comment: string, key = KEY): Promise<void> {
  const open = (await view(key))?.gates.find((each) => each.gate === gate);
  const { generation, subject } = open ?? {};
  await send(person, 'decide', { gate, generation, subject, decision: 'approve', comment }, key);
}

const drained = (key = KEY) =>
  eventually(`the ledger has everything of ${key}`, async () => (await view(key))?.ledger?.behind === 0);

const checkpoints = async (): Promise<readonly Checkpoint[]> => {
  const { body } = await as('zoya', (api) => api.get('/v1/ledger/checkpoints?limit=200'));
  return (body as { items: readonly Checkpoint[] }).items;
};

beforeAll(async () => {
  const home = await newHome();
  bundle = join(home, 'ledger.jsonl');
  up = await startUp({ home, variables: { AIRWORTHY_ANCHOR_EVERY: '1s' } });
  sessions = createSessions(up.addresses.api, 10_000);
  await Promise.all([start(KEY, 'divya'), start(PILOT, 'ravi')]);
  await decide('priya', 'start', 'Small enough to find out.', PILOT);
  const example = readExample(`examples/${KEY}`);
  await send('hari', 'draft-spec', exampleBody(example, { spec: './spec-v1.yaml' }, KEY));
  await send('hari', 'submit-spec', { version: 1 });
  await decide('leena', 'specification', COMMENT);
  await Promise.all([drained(), drained(PILOT)]);
});
afterAll(async () => {
  await up.stop();
  await removeHome(up.home);
});

describe('what is recorded, on the command line', () => {
  it('is listed, counted and told', async () => {
    const [ls, own, inbox, portfolio, told] = await Promise.all([
      cli('ls', '--as', 'zoya'),
      cli('ls', '--as', 'divya', '--json'),
      cli('inbox', '--as', 'gita'),
      cli('portfolio', '--as', 'zoya'),
      cli('timeline', KEY, '--as', 'divya'),
    ]);
    for (const { code, out, err } of [ls, own, inbox, portfolio, told])
      expect({ code, out, err }).toMatchObject({ code: 0 });
    expect(ls.out).toMatch(/^KEY +STAGE/);
    expect(ls.out).toMatch(/^tax-payments +specification/m);
    expect(ls.out).toMatch(/^meeting-notes +(release|live)/m);
    expect(JSON.parse(own.out).items).toMatchObject([{ key: KEY, tier: 'medium' }]);
    expect(inbox.out).toMatch(/tax-payments +specification:governance/);
    expect(inbox.err).toContain('airworthy decide tax-payments specification approve');
    expect(portfolio.out).toContain('2 open');
    expect(told.out).toMatch(/DecisionRecorded/);
  });

  it('names the rules it all was decided under, once', async () => {
    const { out } = await cli('ledger', 'export', '--out', bundle);
    expect(out).toContain(`Wrote ${bundle}.`);
    const policies = (await readFile(bundle, 'utf8')).match(/"id":"policy\/[^"]*"/g);
    expect(policies).toHaveLength(1);
  });
});

describe('airworthy ledger verify', () => {
  const verify = async (name: string, content: string | Buffer) => {
    const file = join(up.home, name);
    await writeFile(file, content);
    return cli('ledger', 'verify', file);
  };

  it('verifies the database of a running `up`, and a bundle of it, and the lists are those of the ledger', async () => {
    const [live, file, lists] = await Promise.all([
      cli('ledger', 'verify'),
      cli('ledger', 'verify', bundle),
      cli('ledger', 'rebuild', '--check'),
    ]);
    for (const { code, out, err } of [live, file]) {
      expect({ code, out, err }).toMatchObject({ code: 0, out: expect.stringMatching(/^Verified: /) });
    }
    expect(lists).toMatchObject({ code: 0, out: '2 lifecycles are shown as the ledger has them.\n' });
  });

  it('names chain and position where one byte is another', async () => {
    const text = await readFile(bundle, 'utf8');
    const at = text.indexOf('"by":"leena","command":"decide"');
    expect(at).toBeGreaterThan(0);
    const changed = `${text.slice(0, at + 7)}k${text.slice(at + 8)}`;
    const { code, out, err } = await verify('changed.jsonl', changed);
    expect(code).toBe(3);
    expect(out).toMatch(
      /^NOT verified\.\nFirst bad row: lifecycle\/tax-payments, position \d+, line \d+: edited: /,
    );
    expect(err).toBe('The ledger is not what it claims to be.\n');
  });

  it('says of a file that is cut short, or no bundle at all, what it is', async () => {
    const bytes = await readFile(bundle);
    const [short, line, random, packed] = await Promise.all([
      verify('short.jsonl', bytes.subarray(0, bytes.length - 100)),
      verify('line.jsonl', bytes.subarray(0, bytes.lastIndexOf('\n', bytes.length - 2) + 1)),
      verify('random.jsonl', randomBytes(100_000)),
      verify('random.gz', Buffer.concat([Buffer.of(0x1f, 0x8b), randomBytes(10_000)])),
    ]);
    for (const ended of [short, line, random, packed]) {
      expect(ended).toMatchObject({ code: 3, err: 'The ledger is not what it claims to be.\n' });
      expect(ended.out).toMatch(/^NOT verified\.\nFirst bad row: line \d+: /);
    }
    expect(short.out).toMatch(/cut short/);
    expect(line.out).toMatch(/cut short/);
  });
});

describe('keys and erasure', () => {
  it('a second key signs beside the first, until that is retired', async () => {
    const before = await checkpoints();
    expect(before.at(-1)?.signatures).toHaveLength(1);
    const keys = await cli('ledger', 'keys');
    expect(keys.out).toMatch(/^# [0-9a-f]{16}, from .*\n-----BEGIN PUBLIC KEY-----\n/);
    const rotated = await cli('ledger', 'rotate-key');
    expect(rotated).toMatchObject({ code: 0 });
    expect(rotated.out).toMatch(/^Key [0-9a-f]{16} signs from now on\.\nKey [0-9a-f]{16} signs until /);
    const both = await eventually('a checkpoint that both have signed', async () => {
      const last = (await checkpoints()).at(-1);
      return last?.signatures.length === 2 && last;
    });
    expect(both.number).toBeGreaterThan(before.at(-1)?.number ?? 0);
  });

  it('what somebody wrote reads as erased, and everything verifies', async () => {
    const written = (await timeline()).find(({ type, by }) => type === 'DecisionRecorded' && by === 'leena');
    const { comment } = (written as Entry & { data: { decision: { comment: string } } }).data.decision;
    const read = () => as('divya', (api) => api.get(`/v1/lifecycles/${KEY}/documents/${comment}`));
    expect((await read()).body).toMatchObject({ class: 'personal', document: { text: COMMENT } });
    const erased = await cli('ledger', 'erase', 'leena', '--reason', 'request 17', '--as', 'zoya');
    expect(erased).toMatchObject({ code: 0, err: '' });
    expect(erased.out).toMatch(/^Nobody can read 1 document of leena any more; recorded as erasure\//);
    await expect(read()).rejects.toMatchObject({ document: { status: 410, code: 'document-erased' } });
    expect((await cli('ledger', 'verify')).out).toMatch(/^Verified: /);
  });
});

describe('a finding', () => {
  it('is ratified on the command line by an approver and by an auditor who is in no team', async () => {
    const connection = await Connection.connect({ address: up.addresses.temporal });
    const operator = new Client({ connection, identity: '4711@operators-laptop' });
    const past = { payload: { gate: 'specification' } };
    await operator.workflow.getHandle(lifecycleId(KEY)).signal('open-sesame', past);
    await operator.schedule.getHandle('reconcile').trigger();
    const [found] = await eventually('it is found', async () => {
      const findings = (await view())?.findings;
      return findings !== undefined && findings.length > 0 && findings;
    });
    await connection.close();
    const finding = found?.finding ?? '';
    const ratify = (person: string, reason: string) =>
      cli('ratify-finding', KEY, '--finding', finding, '--reason', reason, '--as', person);
    expect(await ratify('divya', 'I am neither.')).toMatchObject({ code: 4 });
    expect(await ratify('zoya', 'It was agreed with us.')).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/^Accepted; /),
    });
    expect((await view())?.findings).toMatchObject([{ finding, ratifiedBy: ['zoya'] }]);
    expect(await ratify('gita', 'It was a rehearsal.')).toMatchObject({ code: 0 });
    expect((await view())?.findings).toEqual([]);
    await decide('gita', 'specification', 'It can go on.');
  });
});

describe('the database, killed while people go on', () => {
  it('is started again by `up`; every command is accepted and recorded once', async () => {
    const before = (await timeline()).length;
    const runsAgain = () => up.output().includes('database runs again.');
    process.kill(await up.childPid('database'), 'SIGKILL');
    let during = 0;
    while (!runsAgain()) {
      const { status } = await send('hari', 'add-evidence', evidence(during));
      expect(status).toBe(200);
      during += 1;
    }
    expect(up.output()).toMatch(/^database ended \(signal SIGKILL\); starting it again in 0\.5 s\./m);
    expect(during).toBeGreaterThan(1);
    await send('hari', 'add-evidence', evidence(during));
    await drained();
    const items = await timeline();
    const recorded = items.slice(before).filter(({ type }) => type === 'EvidenceAdded');
    expect(recorded).toHaveLength(during + 1);
    const seqs = items.flatMap(({ seq }) => (seq === null ? [] : [seq]));
    expect(seqs).toEqual(seqs.map((_, n) => n + 1));
    const [first] = recorded as [Entry & { data: { evidence: { digest: string } } }];
    const stored = `/v1/lifecycles/${KEY}/documents/${first.data.evidence.digest}`;
    await eventually('what waited on disk is stored', () => as('divya', (api) => api.get(stored)));
    expect((await cli('ledger', 'verify')).out).toMatch(/^Verified: /);
    expect(await cli('ledger', 'rebuild', '--check')).toMatchObject({ code: 0 });
  });
});

const evidence = (n: number) => ({
  kind: 'report',
  content: { outage: n },
  mediaType: 'application/json',
  collectedAt: new Date().toISOString(),
  about: [],
});

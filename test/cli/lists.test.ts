import { describe, expect, it } from 'vitest';
import { compileSpec } from '../../src/contracts/compile-spec.js';
import { EXIT } from '../../src/contracts/problem.js';
import { specForm } from '../../src/contracts/spec.js';
import type { Json } from '../../src/domain/json.js';
import { MemoryLedger } from '../api/memory-ledger.js';
import { MemoryReadModel, rowOf, waitingFor } from '../api/memory-read-model.js';
import { GOVERNED } from '../api/running-api.js';
import { event, events, refusal } from '../ports/ledger-entries.js';
import { MemoryDocuments } from '../support/memory-documents.js';
import { runningCli } from './running-cli.js';

const HOUR = 3_600_000;

async function house() {
  const ledger = new MemoryLedger();
  const readModel = new MemoryReadModel(ledger);
  const documents = new MemoryDocuments();
  return { ...(await runningCli({ ledger, readModel, documents })), ledger, readModel, documents };
}

describe('ls', () => {
  it('is a table: where each stands, what it serves, what it waits for and by when', async () => {
    const { call, readModel } = await house();
    const soon = Date.now() + 2 * HOUR + 60_000;
    readModel.add(rowOf('kyc', { nextDue: soon, held: true, release: 'r2', exposure: 25 }));
    readModel.add(rowOf('notes', { mode: 'pilot', tier: 'low', waitingOn: [] }));
    const { exit, out, err } = await call('ls', '--as', 'ravi');
    expect({ exit, err }).toEqual({ exit: EXIT.done, err: '' });
    const [head, first, second] = out.split('\n');
    expect(head).toMatch(/^KEY +STAGE +TIER +MODE +SERVES +DUE +WAITS FOR$/);
    expect(first).toMatch(/^kyc +review held +high +governed +r2 25 % +20.*\(in 2 h\b.*\) +readiness:risk$/);
    expect(second).toMatch(/^notes +review +low +pilot +– +–$/);
  });

  it('takes filters as flags, and pages', async () => {
    const { call, readModel } = await house();
    for (const key of ['a', 'b', 'c']) readModel.add(rowOf(key));
    readModel.add(rowOf('d', { held: true, tier: 'low', owners: { technicalOwner: 'ravi' } }));
    const flags = ['--held', '--tier', 'low', '--owner', 'ravi', '--search', 'title', '--stage', 'review'];
    const narrowed = await call('ls', '--as', 'ravi', '--json', ...flags, '--mode', 'governed');
    expect(JSON.parse(narrowed.out)).toMatchObject({ items: [{ key: 'd' }], nextCursor: null });
    const page = await call('ls', '--as', 'ravi', '--sort', 'key', '--limit', '3');
    expect(page.err).toBe('There are more: add --cursor 3\n');
    const rest = await call('ls', '--as', 'ravi', '--sort', 'key', '--limit', '3', '--cursor', '3');
    expect(rest.out).toMatch(/\nd /);
  });

  it('says why there is nothing, and what to do', async () => {
    const { call } = await house();
    const none = await call('ls', '--as', 'ravi');
    expect(none).toMatchObject({ exit: EXIT.done, out: '' });
    expect(none.err).toMatch(/no use case yet: start one with airworthy start -f/);
    expect((await call('ls', '--as', 'ravi', '--held')).err).toMatch(/leave out a filter/);
    expect(JSON.parse((await call('ls', '--as', 'ravi', '--json')).out)).toEqual({
      items: [],
      nextCursor: null,
    });
  });

  it('refuses what is no filter', async () => {
    const { call, readModel } = await house();
    expect((await call('ls', '--as', 'ravi', '--stage', 'lve')).exit).toBe(EXIT.usage);
    const { exit, err } = await call('ls', '--as', 'ravi', '--limit', '999');
    expect(exit).toBe(EXIT.usage);
    expect(err).toMatch(/limit: must be at most 200/);
    readModel.away = true;
    expect((await call('ls', '--as', 'ravi')).exit).toBe(EXIT.unavailable);
  });
});

describe('inbox', () => {
  it('says what waits on the caller, and how to go about it', async () => {
    const { call, readModel } = await house();
    readModel.add(rowOf('kyc'), [waitingFor(['rohan'], { due: Date.now() - HOUR })]);
    readModel.add(rowOf('notes'), [waitingFor(['rohan'], { kind: 'right', who: 'right:technicalOwner' })]);
    const { exit, out, err } = await call('inbox', '--as', 'rohan');
    expect(exit).toBe(EXIT.done);
    expect(out).toMatch(/^DUE +KEY +AS +WHAT\n20.*\(1 h ago\) +kyc +readiness:risk +decision of risk/);
    expect(err).toMatch(/airworthy show kyc\nDecide it: {2}airworthy decide kyc readiness approve/);
    const asked = await call('inbox', '--as', 'rohan', '--json', '--limit', '1');
    expect(JSON.parse(asked.out)).toMatchObject({ items: [{ key: 'kyc' }], more: true });
  });

  it('says why there is nothing, and what to do', async () => {
    const { call } = await house();
    const { exit, out, err } = await call('inbox', '--as', 'asha');
    expect({ exit, out }).toEqual({ exit: EXIT.done, out: '' });
    expect(err).toMatch(/^Nothing waits on you\..*airworthy ls/);
  });
});

describe('portfolio', () => {
  it('counts', async () => {
    const { call, readModel } = await house();
    readModel.add(rowOf('kyc', { held: true, openedAt: Date.now() - 50 * HOUR }));
    readModel.add(rowOf('notes', { stage: 'live', openedAt: Date.now() - HOUR }));
    const { out } = await call('portfolio', '--as', 'ravi');
    expect(out).toMatch(/^2 open, 1 held, none overdue\n/);
    expect(out).toMatch(/By stage\n {2}review +1 +the oldest for 2 d 2 h\n/);
    expect(JSON.parse((await call('portfolio', '--as', 'ravi', '--json')).out)).toMatchObject({ open: 2 });
  });

  it('says why there is nothing, and what to do', async () => {
    const { call } = await house();
    expect((await call('portfolio', '--as', 'uma')).err).toMatch(/^Nothing is open in your teams: start/);
  });
});

describe('timeline', () => {
  it('is a line for every entry, all pages of it', async () => {
    const { call, ledger, readModel } = await house();
    readModel.add(rowOf('kyc'));
    await ledger.append([...events('kyc', 230), refusal('kyc', 'r-1', 9)]);
    const { exit, out } = await call('timeline', 'kyc', '--as', 'ravi');
    const lines = out.trimEnd().split('\n');
    expect({ exit, count: lines.length }).toEqual({ exit: EXIT.done, count: 231 });
    expect(lines[0]).toMatch(/^\d{4}-.* {2}asha +HoldLifted/);
    expect(lines.at(-1)).toMatch(/ravi +refused: not-eligible decide ravi$/);
    const json = await call('timeline', 'kyc', '--as', 'ravi', '--json');
    expect(JSON.parse(json.out)).toEqual({ items: ledger.chain('kyc') });
  });

  it('says that nothing is recorded yet', async () => {
    const { call, readModel } = await house();
    readModel.add(rowOf('kyc'));
    expect((await call('timeline', 'kyc', '--as', 'ravi')).err).toMatch(/^Nothing of kyc is recorded yet/);
    expect((await call('timeline', 'other', '--as', 'ravi')).exit).toBe(EXIT.notFound);
    expect((await call('timeline', 'other', '--as', 'ravi', '--follow')).exit).toBe(EXIT.notFound);
    expect((await call('timeline', 'kyc', '--as', 'hari', '--follow')).exit).toBe(EXIT.notFound);
  });

  it('goes on with --follow until the lifecycle is over', async () => {
    const { call, ledger, readModel } = await house();
    readModel.add(rowOf('kyc'));
    await ledger.append(events('kyc', 2));
    const followed = call('timeline', 'kyc', '--as', 'ravi', '--follow', '--json');
    await new Promise((resolve) => setTimeout(resolve, 300));
    await ledger.append([event('kyc', 3), { ...event('kyc', 4), type: 'Retired' }]);
    const { exit, out } = await followed;
    expect(exit).toBe(EXIT.done);
    const lines = out.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(ledger.chain('kyc'));
  });
});

describe('spec diff', () => {
  it('says clause by clause what is different', async () => {
    const { call, ledger, readModel, documents } = await house();
    readModel.add(rowOf('kyc'));
    const first = {
      spec: 'kyc',
      purpose: 'Open accounts sooner.',
      may: [{ id: 'y1', action: 'extract' }],
      mustNot: [{ id: 'n1', action: 'reject', onAttempt: 'block' }],
      fallback: { manual: 'branch desk', runbook: 'RB-17', standsFor: '5d' },
    };
    const second = { ...first, purpose: 'Open them at once.', may: [{ id: 'y2', action: 'compare' }] };
    for (const [i, spec] of [first, second].entries()) {
      await documents.put(spec);
      const compiled = compileSpec(specForm.parse(spec)) as unknown as Json;
      const draft = { version: i + 1, spec: compiled, author: 'ravi', missing: [] };
      await ledger.append([{ ...event('kyc', i + 1, { draft }), type: 'SpecDrafted' }]);
    }
    const { exit, out } = await call('spec', 'diff', 'kyc', '1', '2', '--as', 'ravi');
    expect({ exit, out }).toEqual({
      exit: EXIT.done,
      out: [
        '+ may y2: new: action compare',
        '- may y1: gone: action extract',
        '~ purpose: Open accounts sooner. → Open them at once.',
        '',
      ].join('\n'),
    });
    expect((await call('spec', 'diff', 'kyc', '1', '1', '--as', 'ravi')).err).toMatch(/say the same/);
    expect((await call('spec', 'diff', 'kyc', '1', '9', '--as', 'ravi')).exit).toBe(EXIT.notFound);
  });
});

describe('show', () => {
  it('says in words that a view is old, why, and how far the ledger is behind', async () => {
    const { api, call, file, readModel } = await house();
    const start = await file('usecase.json', JSON.stringify(GOVERNED));
    await call('start', '-f', start, '--as', 'ravi');
    const { body } = await api.get('/v1/lifecycles/kyc-onboarding');
    expect((await call('show', 'kyc-onboarding', '--as', 'ravi')).out).toMatch(
      new RegExp(`The ledger is ${body.version} events behind\\.`),
    );
    readModel.add(rowOf('kyc-onboarding'), [], { view: body, asOf: Date.now() });
    api.lifecycles.condition = 'unreachable';
    const { exit, out } = await call('show', 'kyc-onboarding', '--as', 'ravi');
    expect(exit).toBe(EXIT.done);
    expect(out).toMatch(
      /^Old: as recorded at 20.* The engine cannot be reached;\nwhat you may do cannot be said/,
    );
    expect(out).not.toMatch(/You may\n/);
  });
});

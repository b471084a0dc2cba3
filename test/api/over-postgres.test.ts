import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { Auditing } from '../../src/api/deps.js';
import { timelinePage } from '../../src/contracts/answers.js';
import { inboxAnswer, lifecycleList, portfolioAnswer } from '../../src/contracts/lists.js';
import { evidenceList, ledgerReport, releaseList, specList } from '../../src/contracts/records.js';
import { shownLifecycle } from '../../src/contracts/view.js';
import { createPostgresLedger } from '../../src/ledger/postgres-ledger.js';
import { createProjector } from '../../src/ledger/projection/projector.js';
import { createPostgresReadModel } from '../../src/ledger/projection/read-model.js';
import { createAuditing } from '../../src/main/ledger-store.js';
import type { Ledger } from '../../src/ports/ledger.js';
import type { ReadModel } from '../../src/ports/read-model.js';
import { openDatabase, type Pools } from '../ledger/projection/database.js';
import { putStart, type Walked, walked } from '../ledger/projection/walked.js';
import { MemoryDocuments } from '../support/memory-documents.js';
import { openEvents } from './event-stream.js';
import { runningApi } from './running-api.js';

const WALKS = 12;
const silent = pino({ level: 'silent' });

let database: Pools;
let ledger: Ledger;
let readModel: ReadModel;
let auditing: Auditing;
let walks: readonly Walked[];
const documents = new MemoryDocuments();

/** Lifecycles led by chance, in the ledger in PostgreSQL, and unknown to the engine. */
beforeAll(async () => {
  database = await openDatabase();
  walks = Array.from({ length: WALKS }, (_, n) => walked(n, 20 + 10 * n));
  const projector = createProjector(database.app, documents, silent);
  ledger = createPostgresLedger(database.app, projector.project);
  for (const { story, entries } of walks) {
    await putStart(documents, story);
    await ledger.append(entries);
  }
  await projector.close();
  readModel = createPostgresReadModel(database.app);
  auditing = createAuditing(database.app);
}, 60_000);
afterAll(() => database.close());

const running = () => runningApi({ ledger, readModel, documents, auditing });

/** What an auditor is answered, in the form that is published. */
async function asked<S extends z.ZodType>(
  api: Awaited<ReturnType<typeof running>>,
  path: string,
  form: S,
): Promise<z.output<S>> {
  const { status, text } = await api.get(path, { as: 'zoya' });
  expect({ path, status, text }).toMatchObject({ status: 200 });
  return form.parse(JSON.parse(text));
}

describe('over the ledger in PostgreSQL', () => {
  it('lists, inboxes and counts are answered as published', async () => {
    const api = await running();
    const list = await asked(api, '/v1/lifecycles?limit=200', lifecycleList);
    expect(list.items.map(({ key }) => key).sort()).toEqual(walks.map(({ story }) => story.start.key).sort());
    const one = await asked(api, '/v1/lifecycles?limit=1&sort=updated&mode=governed&q=WALK', lifecycleList);
    expect(one).toMatchObject({ items: [{ mode: 'governed' }], nextCursor: expect.any(String) });
    expect((await api.get('/v1/lifecycles?cursor=zzz')).problem.code).toBe('invalid-body');
    const { open } = await asked(api, '/v1/portfolio', portfolioAnswer);
    expect(open).toBe(list.items.filter(({ stage }) => stage !== 'retired').length);
    await asked(api, '/v1/inbox', inboxAnswer);
  });

  it('everything of a lifecycle that the engine has forgotten is answered as published', async () => {
    const api = await running();
    for (const { story, entries } of walks) {
      const at = `/v1/lifecycles/${story.start.key}`;
      const view = await asked(api, at, shownLifecycle);
      expect(view).toMatchObject({ stale: true, because: 'not-found', version: entries.length });
      const timeline = await asked(api, `${at}/timeline?limit=200`, timelinePage);
      expect(timeline.items.map(({ seq }) => seq)).toEqual(
        entries.slice(0, timeline.items.length).map(({ seq }) => seq),
      );
      const evidence = await asked(api, `${at}/evidence?limit=200`, evidenceList);
      expect(evidence.items).toHaveLength(entries.filter(({ type }) => type === 'EvidenceAdded').length);
      const releases = await asked(api, `${at}/releases`, releaseList);
      const registered = entries.filter(({ type }) => type === 'ReleaseRegistered').length;
      expect(releases.items).toHaveLength(registered + (story.start.mode === 'pilot' ? 1 : 0));
      const specs = await asked(api, `${at}/specs`, specList);
      expect(specs.items.map(({ version }) => version)).toEqual(specs.items.map((_, i) => i + 1));
      expect(specs.items.length).toBe(story.state.counters.specs);
    }
  });

  it('live events go on where they were left, up to an entry that comes', async () => {
    const api = await running();
    const [walk] = walks;
    const key = walk?.story.start.key ?? '';
    const from = (walk?.entries.length ?? 0) - 3;
    const seen = await openEvents(`${api.origin}/v1/lifecycles/${key}/events?cursor=${from}`, {}, 'zoya');
    await expect.poll(() => seen.ids).toEqual([1, 2, 3].map((n) => String(from + n)));
    expect((await api.get(`/v1/lifecycles/${key}`, { as: 'uma' })).problem.code).toBe('not-found');
    await expect
      .poll(() => seen.entries.at(-1), { timeout: 3_000 })
      .toMatchObject({
        kind: 'refusal',
        by: 'uma',
        position: from + 4,
      });
    seen.leave();
  });

  it('a bundle is taken, which is on record, and the whole verifies', async () => {
    const api = await running();
    const key = walks[1]?.story.start.key ?? '';
    const taken = await api.get(`/v1/ledger/export?lifecycle=${key}`, { as: 'zoya' });
    const lines = taken.text.trimEnd().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ type: 'header', lifecycle: key });
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ type: 'end', lines: lines.length - 1 });
    expect(taken.text).toContain('"kind":"export"');
    const verdict = await api.send('POST', '/v1/ledger/verify', undefined, { as: 'zoya' });
    expect(ledgerReport.parse(JSON.parse(verdict.text))).toMatchObject({ ok: true, problems: [] });
  });
});

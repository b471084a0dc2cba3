import { Webhook } from 'standardwebhooks';
import { Temporal } from 'temporal-polyfill';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { localNow, nextFriday, sleepUntil } from '../support/clock.js';
import { eventually } from '../support/eventually.js';
import type { Journey } from '../support/journey.js';
import { digest, hours, MEDIUM, standardModel, withGateTimes } from '../support/lifecycle.js';
import type { MessageService } from '../support/message-services.js';
import { timeSkipping, unique } from '../support/temporal.js';
import { openToldWorld, type ToldWorld, tellers, WEBHOOK_SECRET } from '../support/told-world.js';

type Environment = Awaited<ReturnType<typeof timeSkipping>>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Round the clock, so that a test says when, not whether the office is open. */
const ALWAYS = 'demo';

let environment: Environment;
let around: ToldWorld;

beforeAll(async () => {
  environment = await timeSkipping();
  around = await openToldWorld(environment);
});
const begun: Journey[] = [];
beforeEach(async () => {
  // What another test has left open would go on to remind its people.
  for (const journey of begun.splice(0)) await journey.send('cancel', 'bela', { reason: digest('over') });
  const { webhooks, mails, prefer } = around;
  for (const service of [webhooks, mails]) {
    await service.down();
    await service.up();
    service.received.length = 0;
    service.mood = 'takes';
  }
  await prefer('everybody: {webhook: "HOOK"}');
});

/** A medium use case with a gate open on its spec: leena and neha, gita and lata are asked. */
async function asked(sla = 8): Promise<Journey> {
  const model = withGateTimes(alwaysOpen(), { sla: hours(sla), every: hours(4), reminders: [50] });
  const journey = await around.world.begin({ key: unique('tell'), model, facts: MEDIUM, calendar: ALWAYS });
  begun.push(journey);
  await journey.submitSpec();
  return journey;
}

function alwaysOpen() {
  const model = standardModel();
  const [office] = Object.values(model.calendars);
  if (office === undefined) throw new Error('a model without calendars');
  const always = { ...office, id: ALWAYS, holidays: [], week: office.week.map(() => [[0, 1_440] as const]) };
  return { ...model, calendars: { ...model.calendars, [ALWAYS]: always } };
}

type Happened = Readonly<Record<string, unknown>> & { readonly at: number };

const events = async (journey: Journey, type: string): Promise<Happened[]> =>
  (await journey.recorded())
    .filter((entry) => entry.type === type)
    .map(({ at, data }) => ({ at, ...(data as Record<string, unknown>) }));

/** What came about the lifecycles of this test: another's may still be told of when it begins. */
const about = (service: MessageService) =>
  service.received.filter(({ body }) => begun.some(({ key }) => body.includes(key)));
const received = () => about(around.webhooks);
const mails = () => about(around.mails);
const told = (person: string) =>
  around
    .told(person)
    .filter((items) => items.some(({ lifecycle }) => begun.some(({ key }) => key === lifecycle)));

const everybody = ['gita', 'lata', 'leena', 'neha'];
const readers = () => everybody.filter((person) => told(person).length > 0);

describe('a notice', () => {
  it('is told to each person once, signed, over the channels they have, with what they need to know', async () => {
    await around.prefer('everybody: {webhook: "HOOK"}', 'people: {gita: {email: gita@bank.example}}');
    const journey = await asked();
    await eventually('all are told', () => readers().length === 4 && mails().length === 1);
    const { headers, body } = received().find(({ key }) => key.includes('/gita/')) ?? {};
    expect(new Webhook(WEBHOOK_SECRET).verify(body ?? '', headers ?? {})).toMatchObject({
      data: {
        person: 'gita',
        items: [
          {
            lifecycle: journey.key,
            title: `Tax-filing payment assistant (${journey.key})`,
            kind: 'request',
            gate: 'specification',
            seats: ['governance'],
            dueLocal: (await journey.view()).gates[0]?.dueLocal,
            link: `http://127.0.0.1:8080/v1/lifecycles/${journey.key}`,
          },
        ],
      },
    });
    expect(headers?.['webhook-id']).toBe(`${journey.key}/n1/gita/webhook`);
    expect(mails()[0]?.headers['to']).toBe('gita@bank.example');
    expect(told('gita')).toHaveLength(1);
  });

  it('leaves a short history without an address, and cannot be told a second time', async () => {
    await around.prefer('everybody: {webhook: "HOOK"}', 'people: {gita: {email: gita@bank.example}}');
    const journey = await asked();
    const { notice } = tellers(around.world, `${journey.key}/n1`, 'gita');
    await eventually('gita is told', () => told('gita').length > 0);
    expect(await notice.result()).toBe('told');
    const { events: history = [] } = await notice.fetchHistory();
    expect(history?.length).toBeLessThan(30);
    const text = Buffer.from(JSON.stringify(history)).toString() + decoded(history);
    expect(text).not.toMatch(/bank\.example|127\.0\.0\.1|\/hook/);
    const { firstExecutionRunId } = await around.world.client.workflow
      .start('notice', {
        workflowId: `notice/${journey.key}/n1/gita`,
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        taskQueue: 'airworthy-notify',
      })
      .catch(() => ({ firstExecutionRunId: 'rejected' }));
    expect(firstExecutionRunId).toBe('rejected');
  });

  it('is sent again under its key where the answer was lost', async () => {
    around.webhooks.mood = 'loses-answer';
    const { key } = await asked();
    const times = (person: string) =>
      received().filter((one) => one.key === `${key}/n1/${person}/webhook`).length;
    await eventually('all are told once', () => everybody.every((person) => times(person) >= 1));
    await environment.sleep(MINUTE);
    await eventually('and again', () => everybody.every((person) => times(person) >= 2));
    around.webhooks.mood = 'takes';
    await environment.sleep(5 * MINUTE);
    for (const person of everybody)
      expect(await tellers(around.world, `${key}/n1`, person).notice.result()).toBe('told');
    const before = everybody.map(times);
    await environment.sleep(HOUR);
    expect(everybody.map(times)).toEqual(before);
  });
});

describe('with every endpoint down for an hour', () => {
  it('nothing is lost, and the lifecycle reminds, escalates and holds on time', async () => {
    await Promise.all([around.webhooks.down(), around.mails.down()]);
    const start = await environment.currentTimeMs();
    const journey = await asked(1);
    const { gate } = await gateOf(journey);
    await sleepUntil(environment, gate.due + 5 * MINUTE);
    const [reminded] = await events(journey, 'ReminderSent');
    const [escalated] = await events(journey, 'Escalated');
    expect(reminded?.at).toBeLessThan(start + HOUR);
    expect(escalated).toMatchObject({ step: 'lead', to: ['divya'] });
    expect(escalated?.at).toBeGreaterThanOrEqual(gate.due);
    expect(escalated?.at).toBeLessThan(gate.due + MINUTE);
    expect(received()).toEqual([]);
    await around.webhooks.up();
    await environment.sleep(15 * MINUTE);
    // Request and reminder for each of the four, what operations is informed of, and the escalation: each once.
    await eventually('all is told', () => received().length >= 11);
    const keys = received().map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    for (const person of everybody)
      expect(told(person).flatMap(kinds).sort()).toEqual(['reminder', 'request']);
    expect(told('divya').map(kinds)).toEqual([['escalation']]);
  });
});

describe('an approver who cannot be reached', () => {
  it('has others asked at once where there is no address: the chain goes on, and nothing passes', async () => {
    await around.prefer('people:', '  leena: {webhook: "HOOK"}', '  divya: {webhook: "HOOK"}');
    const journey = await asked();
    const view = await journey.until('the chain has gone on', () => true);
    expect(view.stage).toBe('specification');
    const escalated = await eventually('the lead is asked early', async () => {
      const [first] = await events(journey, 'Escalated');
      return first;
    });
    const { gate } = await gateOf(journey);
    expect(escalated).toMatchObject({ gate: 'specification', step: 'lead', to: ['divya'] });
    expect(escalated.at).toBeLessThan(gate.due - 7 * HOUR);
    const unreached = await eventually('all three are known', async () => {
      const known = await events(journey, 'PersonUnreachable');
      return known.length >= 3 && known;
    });
    expect(unreached.map(({ person }) => person).slice(0, 3)).not.toContain('leena');
    await eventually('divya is told', () => told('divya').length > 0);
    expect((await journey.view()).gates[0]).toMatchObject({ status: 'open' });
  });

  it('is known after ninety minutes of trying, and told all the same once it works', async () => {
    await around.webhooks.down();
    const journey = await asked(72);
    await environment.sleep(75 * MINUTE);
    expect(await events(journey, 'PersonUnreachable')).toEqual([]);
    await environment.sleep(20 * MINUTE);
    const unreached = await eventually('all four are known', async () => {
      const known = await events(journey, 'PersonUnreachable');
      return known.length >= 4 && known;
    });
    expect(
      unreached
        .map(({ person }) => person)
        .slice(0, 4)
        .sort(),
    ).toEqual(everybody);
    await around.webhooks.up();
    await environment.sleep(2 * HOUR);
    await eventually('all are told', () => readers().length === 4);
  });

  it('is found again where the address is corrected within days', async () => {
    around.webhooks.mood = 'refuses';
    const journey = await asked(72);
    await eventually('they are known', async () => (await events(journey, 'PersonUnreachable')).length >= 4);
    around.webhooks.mood = 'takes';
    await environment.sleep(2 * HOUR);
    await eventually('all are told', () => readers().length === 4);
  });
});

describe('a digest', () => {
  it('is one message of what came within its window; what is urgent does not wait for it', async () => {
    await around.prefer('everybody: {webhook: "HOOK", digest: 20min}');
    const first = await asked();
    await environment.sleep(5 * MINUTE);
    const { digest: gathering } = tellers(around.world, '', 'gita');
    await eventually('it gathers', () => gathering.describe());
    for (const message of [null, { item: null, at: 0 }]) await gathering.signal('join', message);
    const second = await asked();
    await first.send('hold', 'hari', { effect: 'forward', scope: 'candidate', reason: digest('wait') });
    await eventually('the hold is told', () => told('bela').length === 1);
    expect(kinds(told('bela')[0] ?? [])).toEqual(['hold']);
    expect(readers()).toEqual([]);
    await environment.sleep(25 * MINUTE);
    await eventually('the digest is told', () => readers().length === 4);
    for (const person of everybody) {
      const [message = [], ...more] = told(person);
      expect(more).toEqual([]);
      expect(message.map(({ lifecycle }) => lifecycle)).toEqual([first.key, second.key]);
    }
    const { events: history } = await gathering.fetchHistory();
    expect(history?.length).toBeLessThan(40);
  });

  it('that cannot be told does not keep the next one waiting', async () => {
    await around.prefer('everybody: {webhook: "HOOK", digest: 20min}');
    around.webhooks.mood = 'fails';
    const first = await asked(72);
    await environment.sleep(30 * MINUTE);
    const second = await asked(72);
    await environment.sleep(2 * HOUR);
    for (const journey of [first, second])
      await eventually('it is known', async () => (await events(journey, 'PersonUnreachable')).length >= 4);
    around.webhooks.mood = 'takes';
    await environment.sleep(2 * HOUR);
    await eventually('both are told', () => told('gita').length === 2);
  });
});

describe('quiet hours', () => {
  it('keep what can wait until the office opens, and let through what is urgent or due before', async () => {
    const now = await environment.currentTimeMs();
    const year = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO('UTC').year;
    const office = (through: number) =>
      [
        'calendars:',
        '  office:',
        '    version: test',
        '    zone: Asia/Kolkata',
        '    week: {mon: ["09:30-18:30"], tue: ["09:30-18:30"], wed: ["09:30-18:30"], thu: ["09:30-18:30"], fri: ["09:30-18:30"]}',
        `    validThrough: ${through}-12-31`,
        'everybody: {webhook: "HOOK", hours: office}',
      ] as const;
    await around.prefer(...office(year + 2));
    const friday = nextFriday(await localNow(environment, 'Asia/Kolkata'), '20:00');
    await sleepUntil(environment, friday.epochMilliseconds);
    const waits = await asked(96);
    const due = await asked(4);
    await eventually('what is due before is told', () => readers().length === 4);
    for (const person of everybody)
      expect(
        around
          .told(person)
          .flat()
          .map(({ lifecycle }) => lifecycle),
      ).toEqual([due.key]);
    await waits.send('hold', 'hari', { effect: 'forward', scope: 'candidate', reason: digest('wait') });
    await eventually('the hold is told', () => told('bela').length === 1);
    const monday = friday.add({ days: 3 });
    await sleepUntil(environment, monday.withPlainTime('09:25').epochMilliseconds);
    const before = around
      .told('gita')
      .flat()
      .filter(({ lifecycle }) => lifecycle === waits.key);
    expect(before).toEqual([]);
    await sleepUntil(environment, monday.withPlainTime('09:35').epochMilliseconds);
    await eventually('Monday begins with it', () =>
      around
        .told('gita')
        .flat()
        .some(({ lifecycle }) => lifecycle === waits.key),
    );
  });
});

const kinds = (items: readonly { readonly kind: string }[]) => items.map(({ kind }) => kind);

async function gateOf(journey: Journey) {
  const [gate] = (await journey.view()).gates;
  if (gate === undefined) throw new Error('no gate is open');
  return { gate };
}

/** Every payload of a history as text. */
function decoded(history: unknown): string {
  const found: string[] = [];
  const walk = (value: unknown): void => {
    if (value instanceof Uint8Array) found.push(Buffer.from(value).toString('utf8'));
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk);
  };
  walk(history);
  return found.join('\n');
}

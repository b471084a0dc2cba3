import { defineSearchAttributeKey } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseEnvelope } from '../../src/contracts/envelope.js';
import { parseFinding } from '../../src/contracts/finding.js';
import { parseUnreachable } from '../../src/contracts/unreachable.js';
import type { CommandName } from '../../src/domain/commands/payloads.js';
import { COMMAND_NAMES, COMMANDS } from '../../src/domain/commands/table.js';
import { isEngine } from '../../src/domain/lifecycle/engine.js';
import { eventually } from '../support/eventually.js';
import type { Journey } from '../support/journey.js';
import { demoModel, digest, hours, MEDIUM, withGateTimes } from '../support/lifecycle.js';
import { devServer, unique } from '../support/temporal.js';
import { World } from '../support/world.js';

interface Handler {
  readonly name: string;
  readonly description: string;
}

/** What the query that the Temporal UI sends answers. */
interface Metadata {
  readonly currentDetails: string;
  readonly definition: {
    readonly type: string;
    readonly queryDefinitions: readonly Handler[];
    readonly signalDefinitions: readonly Handler[];
    readonly updateDefinitions: readonly Handler[];
  };
}

const model = withGateTimes(demoModel(), { sla: hours(8), every: hours(1) });
let world: World;
let journey: Journey;

beforeAll(async () => {
  world = await World.open(await devServer());
  journey = await world.begin({ key: unique('seen'), model, facts: MEDIUM, calendar: 'always' });
});
afterAll(() => world.close());

const metadata = (one: Journey): Promise<Metadata> => one.handle.query('__temporal_workflow_metadata');

/** The example argument that a description ends with. */
function exampleIn(description: string): unknown {
  const [, example] = description.split('Example argument: ');
  return JSON.parse(example ?? '');
}

describe('in the Temporal UI', () => {
  it('every command can be sent by its form: the example in its description is one that it accepts', async () => {
    const { definition } = await metadata(journey);
    const updates = definition.updateDefinitions.filter(({ name }) => !name.startsWith('__'));
    expect(updates.map(({ name }) => name).sort()).toEqual([...COMMAND_NAMES].sort());
    const signals = definition.signalDefinitions.filter(({ name }) => !name.startsWith('__'));
    const asSignals = COMMAND_NAMES.filter((name) => COMMANDS[name].signal);
    expect(signals.map(({ name }) => name).sort()).toEqual(
      [...asSignals, 'ask-after', 'poke', 'report-finding', 'report-unreachable', 'update-roots'].sort(),
    );
    const commands = signals.filter(({ name }) => asSignals.some((each) => each === name));
    for (const { name, description } of [...updates, ...commands]) {
      const command = name as CommandName;
      expect(description).toContain(COMMANDS[command].summary);
      expect([name, parseEnvelope(command, exampleIn(description))]).toMatchObject([name, { ok: true }]);
    }
  });

  it('every other handler has an example that it answers', async () => {
    const { definition } = await metadata(journey);
    const poke = definition.signalDefinitions.find(({ name }) => name === 'poke');
    const { engine } = exampleIn(poke?.description ?? '') as { engine: number };
    expect(isEngine(engine)).toBe(true);
    const report = definition.signalDefinitions.find(({ name }) => name === 'report-finding');
    expect(parseFinding(exampleIn(report?.description ?? ''))).toBeDefined();
    const unreachable = definition.signalDefinitions.find(({ name }) => name === 'report-unreachable');
    expect(parseUnreachable(exampleIn(unreachable?.description ?? ''))).toBeDefined();
    const queries = definition.queryDefinitions.filter(({ name }) => !name.startsWith('__'));
    const names = ['item-terms', 'item-use', 'lifecycle', 'route', 'waiting-on'];
    expect(queries.map(({ name }) => name).sort()).toEqual(names);
    for (const { name, description } of queries) {
      const args = description.includes('Example argument') ? [exampleIn(description)] : [];
      expect(await journey.handle.query(name, ...args)).toBeTruthy();
    }
  });

  it('the details begin with the title and say in words what is waited for, whom and until when', async () => {
    await journey.submitSpec();
    const { currentDetails } = await metadata(journey);
    const [title, stands, ...rest] = currentDetails.split('  \n');
    expect(title).toBe(`**Tax-filing payment assistant (${journey.key})**`);
    expect(stands).toContain('**specification**, governed, tier medium (rule M1)');
    expect(stands).toContain('serving the manual fallback · exposure 0 %');
    const waits = rest.join('\n');
    expect(waits).toMatch(
      /Waits for \*\*specification:product\*\*: decision of product at specification, since \d{4}-\d\d-\d\d \d\d:\d\d UTC, due \d{4}-/,
    );
    expect(waits).toContain('Waits for **specification:governance**');
    expect(waits).toContain(`[Open in Airworthy](http://127.0.0.1:8080/v1/lifecycles/${journey.key})`);

    await journey.send('hold', 'omkar', { effect: 'forward', scope: 'candidate', reason: digest('hold') });
    const held = (await metadata(journey)).currentDetails;
    expect(held).toMatch(/Held by h1: person, forward, since \d{4}-\d\d-\d\d/);
    expect(held).toContain('lift hold h1');
  });

  it('timers and activities say why they are there', async () => {
    await journey.recorded();
    const [run] = await journey.runs();
    const text = (data: Uint8Array | null | undefined) =>
      JSON.parse(Buffer.from(data ?? []).toString() || '""');
    const summaries = (run?.history.events ?? [])
      .filter((event) => event.activityTaskScheduledEventAttributes ?? event.timerStartedEventAttributes)
      .map(({ userMetadata }) => text(userMetadata?.summary?.data));
    expect(summaries.length).toBeGreaterThan(2);
    for (const summary of summaries) expect(summary).toMatch(/^(record|tell|remind|escalate) /);
    expect(summaries).toContain('tell people: request for specification, information for specification');
  });
});

describe('search attributes', () => {
  const keyword = (name: string) => defineSearchAttributeKey(name, 'KEYWORD');

  it('find what is live, and say where each stands', async () => {
    const key = unique('found');
    const pilot = await world.begin({
      key,
      model: demoModel(),
      calendar: 'always',
      pilotEndsAt: Date.now() + 86_400_000,
    });
    await pilot.decide('leena', 'start');
    await pilot.until(
      'it serves',
      ({ exposure, serving }) => serving !== null && exposure.applied !== 'unknown',
    );
    const list = world.client.workflow.list({
      query: `AwStage = "live" AND WorkflowId = "lifecycle/${key}"`,
    });
    await eventually('the list shows it', async () => {
      for await (const { workflowId } of list) return workflowId === `lifecycle/${key}`;
      return false;
    });
    const { typedSearchAttributes: found } = await pilot.handle.describe();
    expect(found.get(keyword('AwStage'))).toBe('live');
    expect(found.get(keyword('AwMode'))).toBe('pilot');
    expect(found.get(keyword('AwTier'))).toBe('low');
    expect(found.get(keyword('AwTeam'))).toBe('tax-filing');
    expect(found.get(keyword('AwRelease'))).toBe('r1');
    expect(found.get(defineSearchAttributeKey('AwExposure', 'DOUBLE'))).toBe(10);
    expect(found.get(defineSearchAttributeKey('AwHeld', 'BOOL'))).toBe(false);
    expect(found.get(defineSearchAttributeKey('AwNextDue', 'DATETIME'))).toEqual(
      new Date((await pilot.view()).pilot?.endsAt ?? 0),
    );
  });

  it('name the seats that are waited for, and whether it is held', async () => {
    const { typedSearchAttributes: found } = await journey.handle.describe();
    const waiting = found.get(defineSearchAttributeKey('AwWaitingOn', 'KEYWORD_LIST'));
    expect(waiting).toEqual(expect.arrayContaining(['specification:product', 'specification:governance']));
    expect(found.get(defineSearchAttributeKey('AwHeld', 'BOOL'))).toBe(true);
  });
});

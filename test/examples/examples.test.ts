import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seriesForm } from '../../src/adapters/demo-metrics/series.js';
import { createModelFolder } from '../../src/adapters/model-folder.js';
import { createPeopleFile } from '../../src/adapters/people-file.js';
import { exampleBody, readExample } from '../../src/cli/journey/example.js';
import type { StartStep } from '../../src/cli/journey/form.js';
import { readWritten } from '../../src/cli/written/read-written.js';
import { fillIn } from '../../src/cli/written/words.js';
import { COMMAND_BODIES } from '../../src/contracts/commands.js';
import { readSpec } from '../../src/contracts/compile-spec.js';
import { parseForm } from '../../src/contracts/form.js';
import { specProblems } from '../../src/contracts/spec-problems.js';
import { startForm } from '../../src/contracts/start.js';
import { computeTier } from '../../src/domain/governance/tier.js';

const NAMES = readdirSync('examples', { withFileTypes: true }).filter((each) => each.isDirectory());
const names = NAMES.map(({ name }) => name);
const KNOWN = {
  delivery: { spec: { digest: `sha256:${'1'.repeat(64)}` }, release: { digest: `sha256:${'2'.repeat(64)}` } },
  holds: [{ hold: 'h1' }],
};

const model = async (name: string) => {
  const found = (await createModelFolder('operating-models').all()).models.find(
    (each) => each.model.name === name,
  );
  if (found === undefined) throw new Error(`no operating model ${name}`);
  return found.model;
};

describe.each(names)('the example %s', (name) => {
  const example = readExample(join('examples', name));
  const { steps, key, expectedEvents } = example.journey;
  const bodyOf = (written: unknown) => fillIn(exampleBody(example, written, key), KNOWN, Date.now());
  const start = steps.find((step): step is StartStep => 'start' in step);
  const started = parseForm(startForm, bodyOf(start?.start));

  it('is about the use case of its folder, and says what must come of it', () => {
    expect(key).toBe(name);
    expect(expectedEvents.length).toBeGreaterThan(20);
    expect(expectedEvents[0]).toMatch(/^LifecycleStarted /);
  });

  it('starts with a body that the API takes', () => {
    expect(started).toMatchObject({ ok: true, value: { key: name } });
  });

  it('has a body that the API takes in every step', () => {
    const acts = steps.flatMap((step) => ('do' in step ? [step] : []));
    for (const step of acts) {
      const parsed = COMMAND_BODIES[step.do].body.safeParse(bodyOf(step.with ?? {}));
      expect(parsed.error?.issues ?? [], `${step.by} ${step.do}`).toEqual([]);
    }
  });

  it('is carried by people and machines of the people file, who are of its team', async () => {
    const people = createPeopleFile('examples/people.yaml');
    const team = started.ok ? started.value.team : '';
    const acting = [...new Set(steps.flatMap((step) => ('by' in step ? [step.by].flat() : [])))];
    for (const person of acting) expect((await people.person(person))?.teams, person).toContain(team);
  });

  it('has specs that its tier is content with', async () => {
    if (!started.ok) throw new Error('see above');
    const { facts, mode, operatingModel } = started.value;
    const rules = await model(operatingModel);
    const { tier } = computeTier(rules, facts);
    if (tier === 'prohibited') throw new Error('an example is not prohibited');
    const specs = readdirSync(example.folder).filter((file) => file.startsWith('spec-'));
    for (const file of specs) {
      const read = readSpec(readWritten(join(example.folder, file)));
      if (!read.ok) throw new Error(`${file}: ${JSON.stringify(read.problems)}`);
      expect(specProblems(read.spec, { mode, tier, model: rules, facts }), file).toEqual([]);
      expect(read.compiled.load?.needed ?? 0).toBeLessThanOrEqual(read.compiled.load?.available ?? 0);
    }
  });

  it('has releases whose digests are those of what they are made of', () => {
    if (!readdirSync(example.folder).includes('releases.yaml'))
      return expect(started).toMatchObject({ ok: true });
    const releases = readWritten(join(example.folder, 'releases.yaml')) as Releases;
    for (const { parts, body } of Object.values(releases)) {
      for (const [part, sentence] of Object.entries(parts)) {
        expect(body.digests[part], sentence).toBe(
          `sha256:${createHash('sha256').update(sentence).digest('hex')}`,
        );
      }
    }
  });

  it('has series that the metric source takes', () => {
    expect(seriesForm.safeParse({ timeScale: 1, series: example.series }).error).toBeUndefined();
  });
});

type Releases = Record<string, { parts: Record<string, string>; body: { digests: Record<string, string> } }>;

describe('the shipped examples', () => {
  it('are those of the demo and the light path', () => {
    expect(names.sort()).toEqual(['kyc-onboarding', 'meeting-notes', 'tax-payments']);
  });
});

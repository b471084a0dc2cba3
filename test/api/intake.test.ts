import { describe, expect, it } from 'vitest';
import { createModelFolder } from '../../src/adapters/model-folder.js';
import { createPeopleFile } from '../../src/adapters/people-file.js';
import type { IntakeContext } from '../../src/api/intake/context.js';
import { takeIn } from '../../src/api/intake/intake.js';
import { createPinnedModels } from '../../src/api/pinned-models.js';
import { Problem } from '../../src/api/problem.js';
import { COMMAND_BODIES } from '../../src/contracts/commands.js';
import { PAYLOADS } from '../../src/contracts/payloads.js';
import { digestOf } from '../../src/domain/digest.js';
import type { LifecycleView } from '../../src/domain/lifecycle/view.js';
import { MemoryDocuments } from '../support/memory-documents.js';

const models = createModelFolder('operating-models');

async function context(person = 'ravi', roles: readonly string[] = []) {
  const documents = new MemoryDocuments();
  const { models: shipped } = await models.all();
  const [standard] = shipped.filter(({ model }) => model.name === 'standard');
  if (standard === undefined) throw new Error('no standard model');
  const pinned = await documents.put(standard.written);
  const given: IntakeContext = {
    key: 'kyc-onboarding',
    team: 'broker-onboarding',
    actor: { person, functions: [], roles, teams: ['broker-onboarding'], verified: false },
    documents,
    directory: createPeopleFile('examples/people.yaml'),
    models: createPinnedModels(documents),
    published: async () => standard.model,
    view: async () =>
      ({ mode: 'governed', tier: { effective: 'high' }, model: { digest: pinned } }) as LifecycleView,
  };
  return { given, stored: documents.stored };
}

const bodyOf = <N extends keyof typeof COMMAND_BODIES>(name: N, change: object = {}) =>
  COMMAND_BODIES[name].body.parse({ ...COMMAND_BODIES[name].example, ...change }) as never;

describe('the intake of evidence', () => {
  it('stores the content and speaks for the caller', async () => {
    const { given, stored } = await context('ravi');
    const payload = await takeIn('add-evidence', bodyOf('add-evidence'), given);
    expect(payload).toMatchObject({ kind: 'eval', producer: 'ravi', independent: false });
    expect(payload.collectedAt).toBe(Date.parse('2026-11-20T10:00:00+05:30'));
    expect(stored.get(payload.digest)).toMatchObject({
      document: { mediaType: 'application/json' },
      filing: { kind: 'evidence' },
    });
    expect(PAYLOADS['add-evidence'].parse(payload)).toEqual(payload);
  });

  it('takes a machine’s word for who produced it, and the directory’s for independence', async () => {
    const { given } = await context('ci', ['machine']);
    const lab = await takeIn('add-evidence', bodyOf('add-evidence', { producer: 'lab' }), given);
    expect(lab).toMatchObject({ producer: 'lab', independent: true });
    const outsider = await takeIn('add-evidence', bodyOf('add-evidence', { producer: 'hari' }), given);
    expect(outsider.independent).toBe(true);
    const own = await takeIn('add-evidence', bodyOf('add-evidence', {}), given);
    expect(own).toMatchObject({ producer: 'ci', independent: false });
  });

  const serving = { label: 'r2', release: `sha256:${'9'.repeat(64)}` };
  const delivery = {
    spec: { version: 3, digest: `sha256:${'3'.repeat(64)}` },
    release: { label: 'r3', digest: `sha256:${'a'.repeat(64)}` },
  };
  it.each([
    ['the version of a spec', { delivery, serving }, { spec: 3 }, [delivery.spec.digest]],
    [
      'the label of a release',
      { delivery, serving },
      { release: 'r3' },
      [delivery.spec.digest, delivery.release.digest],
    ],
    ['the label of what serves', { delivery: null, serving }, { release: 'r2' }, [serving.release]],
    ['what serves, while another is delivered', { delivery, serving }, { release: 'r2' }, null],
    ['a version of before', { delivery, serving }, { spec: 2 }, null],
    ['a release where there is none', { delivery: null, serving: null }, { release: 'r1' }, null],
    ['a spec where nothing is open', { delivery: null, serving }, { spec: 3 }, null],
  ])('knows what it is about by %s', async (_what, seen, named, about) => {
    const { given } = await context();
    const { about: _about, ...body } = COMMAND_BODIES['add-evidence'].example;
    const parsed = COMMAND_BODIES['add-evidence'].body.parse({ ...body, ...named });
    const taken = takeIn('add-evidence', parsed, {
      ...given,
      view: async () => seen as unknown as LifecycleView,
    });
    if (about !== null) expect(await taken).toMatchObject({ about });
    else await expect(taken).rejects.toMatchObject({ code: 'evidence-about-another-release' });
  });

  it.each([
    ['a person who claims another’s work', 'ravi', [], { producer: 'lab' }, 'not-permitted'],
    ['a producer nobody knows', 'ci', ['machine'], { producer: 'nobody' }, 'unknown-person'],
    ['content over a mebibyte', 'ravi', [], { content: 'x'.repeat(1_048_577) }, 'too-large'],
  ])('refuses %s', async (_what, person, roles, change, code) => {
    const { given } = await context(person, roles);
    const refused = takeIn('add-evidence', bodyOf('add-evidence', change), given);
    await expect(refused).rejects.toThrow(Problem);
    await expect(refused).rejects.toMatchObject({ code });
  });
});

describe('the intake of a spec', () => {
  it('compiles and stores it, and lists what the tier asks for and it lacks', async () => {
    const { given, stored } = await context();
    const payload = await takeIn('draft-spec', bodyOf('draft-spec'), given);
    expect(stored.get(payload.spec.digest)).toMatchObject({
      document: { spec: 'kyc-onboarding' },
      filing: {},
    });
    expect(payload.missing.length).toBeGreaterThan(3);
    expect(payload.missing.join('\n')).toContain('/toPerson');
    expect(PAYLOADS['draft-spec'].parse(payload)).toEqual(payload);
  });

  it('refuses the spec of another use case', async () => {
    const { given } = await context();
    const refused = takeIn('draft-spec', bodyOf('draft-spec'), { ...given, key: 'other' });
    await expect(refused).rejects.toMatchObject({ reasons: [{ pointer: '/spec/spec' }] });
  });

  it('refuses one that does not fit into a lifecycle', async () => {
    const { given } = await context();
    const word = (n: number): string => `${'x'.repeat(38)}${n}`;
    const long = Array.from({ length: 40 }, (_, n) => n);
    const change = {
      spec: {
        ...COMMAND_BODIES['draft-spec'].example.spec,
        may: long.map((n) => ({ id: word(n), action: 'a' })),
        mustNot: long.map((n) => ({ id: `n${word(n).slice(1)}`, action: 'b', onAttempt: 'block' })),
        binds: Object.fromEntries(long.map((n) => [`model.s${n}`, long.map((at) => word(at))])),
      },
    };
    const refused = takeIn('draft-spec', bodyOf('draft-spec', change), given);
    await expect(refused).rejects.toMatchObject({ code: 'invalid-body', reasons: [{ pointer: '/spec' }] });
  });
});

describe('the intake of other documents', () => {
  it('files what somebody wrote freely under its author', async () => {
    const { given, stored } = await context('priya');
    const brief = await takeIn('update-brief', bodyOf('update-brief', { brief: { summary: 'a' } }), given);
    const comment = await takeIn('comment', bodyOf('comment', { comment: 'b' }), given);
    expect([stored.get(brief.brief), stored.get(comment.comment)]).toEqual([
      { document: { summary: 'a' }, filing: { subject: 'priya' } },
      { document: { text: 'b' }, filing: { subject: 'priya' } },
    ]);
  });

  it('names what a brief lacks', async () => {
    const { given } = await context();
    const payload = await takeIn('update-brief', bodyOf('update-brief', { brief: { summary: 'a' } }), given);
    expect(payload.missing).toEqual(['value', 'users']);
  });

  it('gives a release the digest of its parts', async () => {
    const { given } = await context();
    const payload = await takeIn('register-release', bodyOf('register-release'), given);
    expect(payload.release).toBe(digestOf(COMMAND_BODIES['register-release'].example.digests));
  });

  it('what limits going back is part of the release that is approved', async () => {
    const { given } = await context();
    const { digests } = COMMAND_BODIES['register-release'].example;
    const vendorUntil = '2027-06-30T00:00:00Z';
    const body = bodyOf('register-release', { irreversible: true, vendorUntil });
    const payload = await takeIn('register-release', body, given);
    expect(payload).toMatchObject({ irreversible: true, vendorUntil: Date.parse(vendorUntil) });
    expect(payload.release).toBe(digestOf({ ...digests, irreversible: true, vendorUntil }));
    expect(PAYLOADS['register-release'].parse(payload)).toEqual(payload);
    // Saying that nothing limits it is saying nothing.
    const plain = await takeIn(
      'register-release',
      bodyOf('register-release', { irreversible: false }),
      given,
    );
    expect(plain).toEqual({ release: digestOf(digests), changedSections: ['model.face'] });
  });

  it('compiles a calendar', async () => {
    const { given } = await context();
    const { calendar } = await takeIn('update-calendar', bodyOf('update-calendar'), given);
    expect(calendar).toMatchObject({ id: 'in-mumbai', version: '2026.2', zone: 'Asia/Kolkata' });
    expect(PAYLOADS['update-calendar'].parse({ calendar })).toEqual({ calendar });
  });
});

describe('the intake of what may bring other rules', () => {
  const newer = async () => {
    const { given, stored } = await context('priya');
    const { model } = await given.view();
    const [standard] = (await models.all()).models.filter(({ model: { name } }) => name === 'standard');
    if (standard === undefined) throw new Error('no standard model');
    const pinned = { ...model, name: 'standard', version: 1 };
    const view = async () => ({ model: pinned }) as LifecycleView;
    const asked: (number | undefined)[] = [];
    const published = (version: number) => async (_name: string, wanted?: number) => {
      asked.push(wanted);
      return { ...standard.model, version: wanted ?? version };
    };
    return { given: { ...given, view }, stored, published, asked };
  };

  it('a change brings the newest version, where that is newer than what rules', async () => {
    const { given, stored, published } = await newer();
    const same = await takeIn('open-change', bodyOf('open-change'), { ...given, published: published(1) });
    expect(same).not.toHaveProperty('model');
    expect(stored.get(same.reason)?.filing).toEqual({ subject: 'priya' });
    const other = await takeIn('open-change', bodyOf('open-change'), { ...given, published: published(2) });
    expect(other.model?.version).toBe(2);
    expect(PAYLOADS['open-change'].parse(other)).toEqual(other);
  });

  it('a migration brings the version that is named', async () => {
    const { given, published, asked } = await newer();
    const payload = await takeIn('accept-migration', bodyOf('accept-migration', { version: 8 }), {
      ...given,
      published: published(9),
    });
    expect([payload.model.version, asked]).toEqual([8, [8]]);
    expect(PAYLOADS['accept-migration'].parse(payload)).toEqual(payload);
  });

  it('what carries no rules is no model', () => {
    const { rules: _rules, ...without } = { name: 'standard', version: 2, rules: {} };
    expect(PAYLOADS['accept-migration'].safeParse({ model: without }).success).toBe(false);
  });
});

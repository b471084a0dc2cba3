import { PLAIN_BODIES, type PlainCommand } from '../contracts/payloads.js';
import { carriedWith } from '../contracts/travel.js';
import type { CommandName, Payloads } from '../domain/commands/payloads.js';
import { digestOf } from '../domain/digest.js';
import { EXAMPLE_MODEL } from './example-model.js';

const ACTOR = {
  person: 'meera',
  functions: ['operations'],
  roles: [],
  teams: ['broker-onboarding'],
  verified: false,
};

const STORED = digestOf({ text: 'a document that the API has stored' });

/** Of the commands whose documents the API stores and compiles: the smallest of each that would be accepted. */
const COMPILED: { readonly [N in Exclude<CommandName, PlainCommand>]: Payloads[N] } = {
  'update-brief': { brief: STORED, missing: [] },
  'draft-spec': {
    spec: {
      digest: STORED,
      clauses: { purpose: STORED },
      checks: [],
      evidence: [],
      queues: [],
      checkpoints: [],
      binds: {},
      success: {},
      fallback: true,
      load: null,
    },
    missing: [],
  },
  'register-release': { release: STORED, changedSections: ['prompt.tone'] },
  'add-evidence': {
    kind: 'eval',
    digest: STORED,
    producer: 'ci',
    independent: false,
    collectedAt: 1_796_025_600_000,
    about: [STORED],
    results: { f1: { value: 0.985, n: 4_000 } },
  },
  'open-change': { kind: 'prompt', changedSections: ['prompt.tone'], reason: STORED },
  'accept-migration': { model: EXAMPLE_MODEL },
  'update-calendar': {
    calendar: {
      id: 'always',
      version: '2026.2',
      zone: 'UTC',
      tzdata: '2026a',
      offsets: [[1_767_225_600_000, 0]],
      week: Array.from({ length: 7 }, () => [[0, 1_440] as const]),
      holidays: [],
      validFrom: 1_767_225_600_000,
      validThrough: 1_861_920_000_000,
    },
  },
};

function isPlain(name: CommandName): name is PlainCommand {
  return name in PLAIN_BODIES;
}

function payloadOf(name: CommandName): unknown {
  if (!isPlain(name)) return COMPILED[name];
  const { body, example } = PLAIN_BODIES[name];
  return carriedWith(body, body.parse(example) as never, (text) => digestOf({ text }));
}

const EXAMPLES = new Map<CommandName, string>();

/** An argument that the message of this name would accept, as JSON: what the Temporal UI's forms start from. */
export function exampleOf(name: CommandName): string {
  const known = EXAMPLES.get(name);
  if (known !== undefined) return known;
  const example = JSON.stringify({
    id: 'my-command-1',
    digest: 'my-command-1',
    actor: ACTOR,
    payload: payloadOf(name),
  });
  EXAMPLES.set(name, example);
  return example;
}

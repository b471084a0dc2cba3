/** An envelope of every command to start from, for the Temporal UI's forms. Nothing in it is real. */
import type { z } from 'zod';
import type { CommandName, Payloads } from '../domain/commands/payloads.js';
import type { Envelope } from './envelope.js';
import { PLAIN_BODIES, type PlainCommand } from './payloads.js';
import { carriedWith } from './travel.js';

const DIGEST = `sha256:${'5f'.repeat(32)}`;

const INTAKE: { readonly [N in Exclude<CommandName, PlainCommand>]: Payloads[N] } = {
  'update-brief': { brief: DIGEST, missing: [] },
  'draft-spec': {
    spec: {
      digest: DIGEST,
      clauses: { n1: DIGEST },
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
  'register-release': { release: DIGEST, changedSections: ['model.face'] },
  'add-evidence': {
    kind: 'eval',
    digest: DIGEST,
    producer: 'ci',
    independent: false,
    collectedAt: 1_794_000_000_000,
    about: [DIGEST],
    results: { f1: { value: 0.985, n: 4_000 } },
  },
  'update-calendar': {
    calendar: {
      id: 'always',
      version: '2026.2',
      zone: 'UTC',
      tzdata: '2026b',
      offsets: [[1_767_225_600_000, 0]],
      week: Array.from({ length: 7 }, () => [[0, 1_440]] as const),
      holidays: [],
      validFrom: 1_767_225_600_000,
      validThrough: 1_830_297_600_000,
    },
  },
};

/** An envelope that the command's handler can parse. */
export function exampleEnvelope(name: CommandName): Envelope {
  return {
    id: 'choose-a-new-one',
    digest: 'any',
    actor: { person: 'asha', functions: ['business'], roles: [], teams: ['onboarding'], verified: false },
    payload: examplePayload(name),
  };
}

function examplePayload(name: CommandName): Envelope['payload'] {
  if (!isPlain(name)) return INTAKE[name];
  const body: z.ZodType = PLAIN_BODIES[name].body;
  return carriedWith(body, body.parse(PLAIN_BODIES[name].example), () => DIGEST) as Envelope['payload'];
}

const isPlain = (name: CommandName): name is PlainCommand => name in PLAIN_BODIES;

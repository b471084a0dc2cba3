import { PLAIN_BODIES } from '../contracts/payloads.js';
import { carriedWith } from '../contracts/travel.js';
import type { CommandName } from '../domain/commands/payloads.js';
import { digestOf } from '../domain/digest.js';

const ACTOR = {
  person: 'meera',
  functions: ['operations'],
  roles: [],
  teams: ['broker-onboarding'],
  verified: false,
};

function payloadOf(name: CommandName): unknown {
  if (!(name in PLAIN_BODIES)) return '(documents go through the API, which stores them first)';
  const { body, example } = PLAIN_BODIES[name as keyof typeof PLAIN_BODIES];
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

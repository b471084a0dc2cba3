import { expect, it } from 'vitest';
import * as zod from 'zod';
import * as delivery from '../../src/contracts/bodies/delivery.js';
import * as gates from '../../src/contracts/bodies/gates.js';
import * as live from '../../src/contracts/bodies/live.js';
import * as scoping from '../../src/contracts/bodies/scoping.js';
import * as compiled from '../../src/contracts/compiled.js';
import * as envelope from '../../src/contracts/envelope.js';
import * as fields from '../../src/contracts/fields.js';
import * as form from '../../src/contracts/form.js';
import * as payloads from '../../src/contracts/payloads.js';
import * as travel from '../../src/contracts/travel.js';
import { COMMAND_NAMES } from '../../src/domain/commands/table.js';
import * as examples from '../../src/workflows/examples.js';

/** As the SDK does with what preloaded modules export, before the first lifecycle begins. */
function freeze(value: unknown, seen = new WeakSet<object>()): void {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
  seen.add(value);
  if (Object.isFrozen(value)) return;
  try {
    if (typeof value === 'object')
      for (const key of Reflect.ownKeys(value)) freeze(Reflect.get(value, key), seen);
    Object.freeze(value);
  } catch {
    // Some things cannot be frozen, such as the names that a module exports; the SDK passes over them too.
  }
}

// Workers share these modules between lifecycles and freeze what they export. zod finishes its schemas at
// their first use, so one that was frozen before would throw then, and every lifecycle would stand still.
it('envelopes are parsed, and refused, after everything their modules export was frozen', () => {
  const modules = [
    zod,
    fields,
    form,
    travel,
    compiled,
    scoping,
    gates,
    delivery,
    live,
    payloads,
    examples,
    envelope,
  ];
  for (const module of modules) {
    for (const exported of Object.values(module)) freeze(exported);
  }
  expect(Object.isFrozen(payloads.PAYLOADS)).toBe(true);
  for (const name of COMMAND_NAMES) {
    const example = JSON.parse(examples.exampleOf(name));
    expect(envelope.parseEnvelope(name, example)).toEqual({ ok: true, envelope: example });
    const wrong = { ...example, payload: { ...example.payload, surprise: 1 }, surprise: 2 };
    const refused = envelope.parseEnvelope(name, wrong);
    expect(refused.ok || refused.problems.map(({ fact }) => fact)).toEqual(['payload.surprise', 'surprise']);
    expect(envelope.parseEnvelope(name, { ...example, payload: null }).ok).toBe(false);
  }
});

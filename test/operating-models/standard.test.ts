import { describe, expect, test } from 'vitest';
import { compileOperatingModel } from '../../src/contracts/compile-operating-model.js';
import { parseForm } from '../../src/contracts/form.js';
import type { WrittenOperatingModel } from '../../src/contracts/operating-model/model-form.js';
import { writtenOperatingModel } from '../../src/contracts/operating-model.js';
import { MAX_MODEL_BYTES } from '../../src/contracts/read-operating-model.js';
import { canonicalForm, isDigest } from '../../src/domain/digest.js';
import type { OperatingModel } from '../../src/domain/policy.js';
import { differences, mutations } from './json-leaves.js';
import { shipped } from './shipped-models.js';
import { EXPECTED_ASSESSMENT, EXPECTED_CALENDARS } from './standard-assessment.js';
import { EXPECTED_RULES } from './standard-table.js';

const { model, written } = shipped('standard');

/** Where a compiled model departs from the standard as this test states it. */
function departures({ digest: _digest, calendars, ...rest }: OperatingModel): string[] {
  return [
    ...differences(rest, { ...EXPECTED_RULES, ...EXPECTED_ASSESSMENT }),
    ...differences(
      Object.fromEntries(Object.entries(calendars ?? {}).map(([id, calendar]) => [id, rulesOf(calendar)])),
      EXPECTED_CALENDARS,
      '/calendars',
    ),
  ];
}

/** Offsets follow from the zone, and the database they come from is the machine's. */
function rulesOf({
  id: _id,
  tzdata: _tzdata,
  offsets: _offsets,
  ...rules
}: OperatingModel['calendars'][string]) {
  return rules;
}

describe('the standard operating model', () => {
  test('says what its table says', () => {
    expect(departures(model)).toEqual([]);
  });

  test('has a digest, names its calendars and fits into a lifecycle', () => {
    expect(isDigest(model.digest)).toBe(true);
    expect(Object.values(model.calendars).map(({ id }) => id)).toEqual(Object.keys(EXPECTED_CALENDARS));
    const bytes = Buffer.byteLength(canonicalForm(JSON.parse(JSON.stringify(model))));
    expect(bytes).toBeLessThan(MAX_MODEL_BYTES / 1.5);
  });

  test('compiles the summer time of the zones that have one', () => {
    const offsets = (id: string) => new Set(model.calendars[id]?.offsets.map(([, minutes]) => minutes));
    expect(offsets('in-mumbai')).toEqual(new Set([330]));
    expect(offsets('eu-berlin')).toEqual(new Set([60, 120]));
    expect(offsets('us-new-york')).toEqual(new Set([-300, -240]));
  });

  test('has holidays on working days only, so that each of them moves something', () => {
    for (const { holidays, week } of Object.values(model.calendars)) {
      for (const day of holidays) expect(week[(day + 3) % 7]).not.toEqual([]);
    }
  });
});

describe('no rule changes unnoticed', { timeout: 60_000 }, () => {
  test('any change of the compiled model departs from the table', () => {
    const unnoticed: string[] = [];
    let tried = 0;
    for (const { what, mutated } of mutations(withoutMachineParts(model))) {
      tried += 1;
      if (departures(mutated).length === 0) unnoticed.push(what);
    }
    expect(unnoticed).toEqual([]);
    expect(tried).toBeGreaterThan(3_000);
  });

  test('any change of the written model is refused, or departs from the table', () => {
    const unnoticed: string[] = [];
    let compiled = 0;
    // Calendars compile slowly and each in the same way; the test above changed every part of them.
    const { calendars, ...rules } = written;
    for (const { what, mutated } of mutations(rules)) {
      const changed = {
        ...mutated,
        calendars: { always: calendars.always, 'in-mumbai': calendars.always },
      };
      const parsed = parseForm(writtenOperatingModel, changed);
      if (!parsed.ok) continue;
      compiled += 1;
      if (departures(withCalendars(parsed.value)).length === 0) unnoticed.push(what);
    }
    expect(unnoticed).toEqual([]);
    expect(compiled).toBeGreaterThan(800);
  });
});

function withoutMachineParts({ digest: _digest, calendars, ...rest }: OperatingModel): OperatingModel {
  const plain = Object.entries(calendars).map(([id, calendar]) => [id, rulesOf(calendar)]);
  return { ...rest, calendars: Object.fromEntries(plain) } as OperatingModel;
}

const withCalendars = (changed: WrittenOperatingModel): OperatingModel => ({
  ...compileOperatingModel(changed),
  calendars: model.calendars,
});

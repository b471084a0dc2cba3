import { describe, expect, test } from 'vitest';
import { readSpec } from '../../../src/contracts/compile-spec.js';
import { fieldName } from '../../../src/contracts/form.js';
import { KYC_SPEC, LIGHT_SPEC } from './kyc-spec.js';

// biome-ignore lint/suspicious/noExplicitAny: the tests write what the types forbid
type Draft = any;

function said(change: (draft: Draft) => void, spec: object = KYC_SPEC): string[] {
  const draft = structuredClone(spec);
  change(draft);
  const read = readSpec(draft);
  return read.ok ? [] : read.problems.map(({ path, detail }) => `${fieldName(path)}: ${detail}`);
}

describe('a well-formed spec', () => {
  test('is accepted in the full and in the light form', () => {
    expect(said(() => {})).toEqual([]);
    expect(said(() => {}, LIGHT_SPEC)).toEqual([]);
  });

  test('keeps what was written to the letter, so that its digest is that of the document', () => {
    const written = { ...LIGHT_SPEC, purpose: ' spaces\n' };
    const read = readSpec(written);
    expect(read.ok && read.spec).toEqual(written);
  });
});

describe('a malformed spec is refused, naming the field and the fix', () => {
  test.each<[string, (draft: Draft) => void, string]>([
    [
      'an unknown field',
      (s) => {
        s.owner = 'asha';
      },
      'owner: unknown field "owner"; correct the name or remove it (known here: spec, purpose',
    ],
    [
      'no purpose',
      (s) => {
        delete s.purpose;
      },
      'purpose: is missing; add a text',
    ],
    [
      'an empty purpose',
      (s) => {
        s.purpose = ' \n';
      },
      'purpose: say something',
    ],
    [
      'a purpose of many pages',
      (s) => {
        s.purpose = 'x'.repeat(2_001);
      },
      'purpose: must be at most 2000 characters long',
    ],
    [
      'nothing forbidden',
      (s) => {
        s.mustNot = [];
        s.evidence[1].proves = ['c1'];
        s.success.governance = ['e2'];
      },
      'mustNot: must be at least 1 entry long',
    ],
    [
      'a prohibition without consequence',
      (s) => {
        delete s.mustNot[0].onAttempt;
      },
      'mustNot[0].onAttempt: n1: is missing; write one of block, review, block-and-incident',
    ],
    [
      'a fallback without a runbook',
      (s) => {
        delete s.fallback.runbook;
      },
      'fallback.runbook: is missing',
    ],
    [
      'a comparison that is none',
      (s) => {
        s.checks[0].op = '=';
      },
      'checks[0].op: c1: must be one of <=, >=, not "="',
    ],
    [
      'a window in business time',
      (s) => {
        s.checks[1].window = '3bd';
      },
      'checks[1].window: c2: write elapsed time, such as 14d, 24h or 10min',
    ],
    [
      'too many checks',
      (s) => {
        s.checks = Array.from({ length: 41 }, (_, n) => ({ ...s.checks[0], id: `k${n}` }));
        for (const key of ['evidence', 'binds', 'retrain', 'success']) delete s[key];
      },
      'checks: must be at most 40 entries long',
    ],
    [
      'a case sent by nothing',
      (s) => {
        s.toPerson[1].when = { flg: 'x' };
      },
      'toPerson[1].when.flag: p2: ',
    ],
    [
      'an id with spaces',
      (s) => {
        s.steps[0].id = 'step one';
      },
      'steps[0].id: write an id of lower-case letters',
    ],
    [
      'evidence before nothing known',
      (s) => {
        s.evidence[0].before = 'lunch';
      },
      'evidence[0].before: e1: must be one of scoping',
    ],
    [
      'a date that does not exist',
      (s) => {
        s.value.by = '2027-02-30';
      },
      'value.by: write a date that exists, as YYYY-MM-DD',
    ],
  ])('%s', (_what, change, words) => {
    expect(said(change)).toContainEqual(expect.stringContaining(words));
  });

  test('what compiles too large for a lifecycle', () => {
    const bulky = (s: Draft) => {
      for (const section of ['steps', 'may', 'mustNot', 'checks']) {
        s[section] = [
          ...s[section],
          ...Array.from({ length: 36 }, (_, n) => ({
            ...s[section][0],
            id: `${section.toLowerCase()}-${n}`,
          })),
        ];
      }
    };
    expect(said(bulky)).toEqual([
      expect.stringMatching(/^: the spec compiles to \d+ bytes, at most 16384 fit/),
    ]);
  });
});

describe('ids', () => {
  test.each<[string, (draft: Draft) => void, string]>([
    [
      'used twice in different sections',
      (s) => {
        s.may[1].id = 's1';
      },
      'may[1].id: "s1" is taken',
    ],
    [
      'called like a section',
      (s) => {
        s.steps[0].id = 'value';
      },
      'steps[0].id: "value" is taken',
    ],
    [
      'of a queue that is not there',
      (s) => {
        s.toPerson[0].queue = 'doubts';
      },
      'toPerson[0].queue: p1: there is no queue "doubts" here; there is doubtful',
    ],
    [
      'proven but neither check nor prohibition',
      (s) => {
        s.evidence[0].proves[1] = 'y1';
      },
      'evidence[0].proves[1]: e1: there is no check or mustNot "y1" here; there is c1, c2, c3, c4, n1',
    ],
    [
      'bound but not there',
      (s) => {
        s.binds['model.face'] = ['c9'];
      },
      'binds.model.face[0]: there is no clause "c9"',
    ],
    [
      'of a retraining check that is not there',
      (s) => {
        s.retrain[0].check = 'n1';
      },
      'retrain[0].check: there is no check "n1"',
    ],
    [
      'of a success that is not there',
      (s) => {
        s.success.risk = ['c2', 'profit'];
      },
      'success.risk[1]: there is no clause "profit"',
    ],
  ])('%s', (_what, change, words) => {
    expect(said(change)).toEqual([expect.stringContaining(words)]);
  });

  test('value means the value case, and only where there is one', () => {
    expect(
      said((s) => {
        delete s.value;
      }),
    ).toEqual([expect.stringContaining('success.product[0]: there is no clause "value"')]);
  });
});

import { describe, expect, it } from 'vitest';
import { parseForm } from '../../src/contracts/form.js';
import { releaseTargetsForm } from '../../src/contracts/release-targets.js';

const http = { id: 'own', kind: 'http', url: 'https://x.example' };
const mlflow = { id: 'registry', kind: 'mlflow', url: 'https://mlflow.example' };
const everybody = { lifecycles: ['*'], apply: ['own'] };

const problemsOf = (written: unknown): string[] => {
  const parsed = parseForm(releaseTargetsForm, written);
  return parsed.ok ? [] : parsed.problems.map(({ path, detail }) => `${path.join('.')}: ${detail}`);
};
const ofTarget = (fields: object): string[] =>
  problemsOf({ targets: [{ ...http, ...fields }], routes: [everybody] });

describe('the form of a targets file', () => {
  it('fills in what most leave out', () => {
    const written = {
      targets: [mlflow, { id: 'flags', kind: 'flag-file', path: 'flags.json' }],
      routes: [{ teams: ['tax'], apply: ['registry', 'flags'] }],
    };
    expect(parseForm(releaseTargetsForm, written)).toMatchObject({
      ok: true,
      value: {
        targets: [
          {
            model: '$lifecycle',
            aliases: { serving: 'serving', candidate: 'candidate', shadow: 'shadow' },
            timeout: '20s',
          },
          { flag: 'airworthy-$lifecycle' },
        ],
      },
    });
  });

  it.each([
    [{ kind: 'pigeon' }, /must be "webhook", "mlflow", "flag-file" or "http"/],
    [{ url: 'ftp://x' }, /write an http\(s\) address/],
    [{ bearer: 'a-token' }, /\{env: NAME\} or \{file: path\}/],
    [{ bearer: { env: 'AIRWORTHY_TOKEN' } }, /does not begin with AIRWORTHY_/],
    [{ timeout: '2h' }, /from 100ms to 45s/],
    [{ timeout: '1bd' }, /write elapsed time/],
    [{ token: 'x' }, /unknown field "token"/],
    [{ ...mlflow, id: 'own', model: 'a/b' }, /name a registered model/],
    [{ ...mlflow, id: 'own', aliases: { serving: 'latest' } }, /not "latest"/],
    [{ ...mlflow, id: 'own', aliases: { serving: 'v3' } }, /not "v" and a number/],
    [{ ...mlflow, id: 'own', aliases: { serving: 'candidate' } }, /three different aliases/],
    [
      { ...mlflow, id: 'own', bearer: { env: 'T' }, basic: { user: 'u', password: { env: 'P' } } },
      /keep one/,
    ],
    [{ kind: 'flag-file', url: undefined, path: 'f.json', flag: 'a b' }, /name a flag/],
    [{ kind: 'webhook', secrets: [] }, /at least 1/],
  ])('refuses a target with %j', (fields, sentence) => {
    expect(ofTarget(fields).join('\n')).toMatch(sentence);
  });

  it.each([
    [{ apply: ['own'] }, /says nothing of whom it is for/],
    [{ ...everybody, apply: ['flags'] }, /routes.0.apply.0: there is no target "flags"; known are own/],
    [{ ...everybody, apply: ['own', 'own'] }, /"own" is there twice; keep one/],
    [{ ...everybody, lifecycles: ['KYC'] }, /write lower-case words joined by hyphens/],
  ])('refuses a route %j', (route, sentence) => {
    expect(problemsOf({ targets: [http], routes: [route] }).join('\n')).toMatch(sentence);
  });

  it('refuses two targets of one name', () => {
    expect(problemsOf({ targets: [http, http], routes: [everybody] })).toEqual([
      expect.stringMatching(/targets.1.id: .*"own" is there twice; rename one/),
    ]);
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { compileSpec } from '../../src/contracts/compile-spec.js';
import { metricSourcesForm } from '../../src/contracts/metric-sources.js';
import type { RuleFile } from '../../src/contracts/spec/alerting-rules.js';
import { type SpecOverviewAnswer, specOverviewAnswer } from '../../src/contracts/spec-overview.js';
import { digestOf } from '../../src/domain/digest.js';
import type { Json } from '../../src/domain/json.js';
import { KYC_SPEC } from '../contracts/spec/kyc-spec.js';
import { promtool } from '../support/services/prometheus.js';
import { GOVERNED, runningApi } from './running-api.js';

const AT = '/v1/lifecycles/kyc-onboarding/specs';
const SECOND = { ...KYC_SPEC, checks: (KYC_SPEC.checks ?? []).slice(0, 3) };
const SOURCES = metricSourcesForm.parse({
  sources: [
    {
      id: 'monitoring',
      kind: 'prometheus',
      url: 'https://prometheus.example',
      metrics: {
        'false-accept-rate': {
          count: 'sum(increase(bad{case="$lifecycle",release="$release"}[$window]))',
          of: 'sum(increase(all{case="$lifecycle",release="$release"}[$window]))',
        },
      },
    },
  ],
});

/** A running lifecycle with two drafts of its spec on record. */
async function drafted(overrides: Parameters<typeof runningApi>[0] = {}) {
  const api = await runningApi(overrides);
  await api.post('/v1/lifecycles', GOVERNED);
  const drafts = [KYC_SPEC, SECOND].map((spec, index) => ({
    version: index + 1,
    spec: compileSpec(spec) as unknown as Json,
    author: 'ravi',
    missing: [],
  }));
  for (const spec of [KYC_SPEC, SECOND]) await api.documents.put(spec);
  await api.ledger.append(
    drafts.map((draft, index) => ({
      id: `lifecycle/kyc-onboarding/${index + 1}`,
      lifecycle: 'kyc-onboarding',
      kind: 'event',
      seq: index + 1,
      at: 1_000,
      type: 'SpecDrafted',
      by: 'ravi',
      command: null,
      data: { draft },
    })),
  );
  const overview = async (version: number) => {
    const { body } = await api.get(`${AT}/${version}/overview`);
    return specOverviewAnswer.parse(body);
  };
  const rules = async (path: string): Promise<RuleFile & { readonly text: string }> => {
    const { text, headers } = await api.get(`${AT}/${path}`);
    expect(headers.get('content-type')).toMatch(/^text\/yaml/);
    return { ...(parse(text) as RuleFile), text };
  };
  return { api, overview, rules };
}

describe('the overview of a spec', () => {
  it('shows every part that it compiles to', async () => {
    const { overview } = await drafted();
    const shown = await overview(1);
    expect(shown).toMatchObject({ mode: 'governed', tier: 'high', model: { name: 'standard' } });
    expect(shown.gates.map(({ gate }) => gate)).toEqual(['scoping', 'specification', 'readiness', 'change']);
    expect(shown.live.map(({ clause }) => clause)).toEqual(['c2', 'c3']);
    expect(shown.guard).toMatchObject({
      may: [{ clause: 'y1', action: 'extract' }, { clause: 'y2' }, { clause: 'y3' }],
      mustNot: [{ clause: 'n1', action: 'reject', onAttempt: 'block-and-incident' }],
      toPerson: [{ clause: 'p1', when: 'match-score below 0.92', queue: 'doubtful' }, { clause: 'p2' }],
      whenUnknown: 'block',
    });
    expect(shown.queues).toMatchObject([{ id: 'doubtful', owner: 'meera' }]);
    expect(shown.load?.arithmetic).toMatch(/^4,000 × 15 %/);
    expect(shown.alerts.map(({ clause, alert, for: wait }) => [clause, alert, wait])).toEqual([
      ['c2', 'AirworthyBreach', '3d'],
      ['c2', 'AirworthySilence', expect.any(String)],
      ['c3', 'AirworthyBreach', null],
      ['c3', 'AirworthySilence', expect.any(String)],
    ]);
  });

  it('has a digest of its own, that of everything else it says', async () => {
    const { overview } = await drafted();
    const [first, again, second] = [await overview(1), await overview(1), await overview(2)];
    const { digest, ...rest } = first;
    expect(digest).toBe(digestOf(rest as Json));
    expect(again).toEqual(first);
    expect(second.digest).not.toBe(digest);
  });

  it('is 404 for a version that there is not, and needs the documents', async () => {
    const { api } = await drafted();
    expect((await api.get(`${AT}/3/overview`)).problem).toMatchObject({ status: 404 });
    expect((await api.get(`${AT}/1/overview?more=1`)).status).toBe(422);
    api.documents.down = true;
    expect((await api.get(`${AT}/1/overview`)).problem.code).toBe('documents-unavailable');
  });
});

describe('the alerting rules', () => {
  it('are a file that promtool accepts, for whichever release is named', { timeout: 60_000 }, async () => {
    const { rules } = await drafted();
    const { groups, text } = await rules('1/alerting-rules?release=r7');
    expect(text).toMatch(/^# kyc-onboarding, spec version 1 \(sha256:[0-9a-f]{64}\), release r7\n/);
    expect(groups.map(({ name }) => name)).toEqual([
      'airworthy/kyc-onboarding/c2',
      'airworthy/kyc-onboarding/c3',
    ]);
    expect(groups[0]?.rules[0]?.labels).toMatchObject({ airworthy_release: 'r7', airworthy_clause: 'c2' });
    const folder = await mkdtemp(join(tmpdir(), 'airworthy-rules-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'rules.yaml'), text);
    const { ok, output } = await promtool('check', 'rules', join(folder, 'rules.yaml'));
    expect(ok, output).toBe(true);
  });

  it('ask as the metric sources file defines it', async () => {
    const { rules } = await drafted({ metricDefinitions: async () => SOURCES });
    const { groups } = await rules('1/alerting-rules');
    expect(groups[0]?.rules[0]?.expr).toContain('bad{case="kyc-onboarding",release="r1"}[3d]');
  });

  it('name what a Prometheus cannot watch', async () => {
    const elsewhere = metricSourcesForm.parse({
      sources: [{ id: 'desk', kind: 'json', url: 'https://desk.example' }],
    });
    const { rules, overview } = await drafted({ metricDefinitions: async () => elsewhere });
    const { groups, text } = await rules('1/alerting-rules');
    expect(groups).toEqual([]);
    expect(text).toContain('# c2 has no rule: false-accept-rate is not measured by a Prometheus\n');
    const { unwatched }: SpecOverviewAnswer = await overview(1);
    expect(unwatched.map(({ clause }) => clause)).toEqual(['c2', 'c3']);
  });

  it('are refused for what is no label, and say when the definitions cannot be read', async () => {
    const { api } = await drafted({
      metricDefinitions: async () => {
        throw new Error('sources.yaml:3: no');
      },
    });
    expect((await api.get(`${AT}/1/alerting-rules?release=latest`)).problem).toMatchObject({ status: 422 });
    const { problem } = await api.get(`${AT}/1/alerting-rules`);
    expect(problem).toMatchObject({ status: 503, code: 'metric-sources-unavailable' });
    expect(problem.detail).not.toContain('sources.yaml');
  });
});

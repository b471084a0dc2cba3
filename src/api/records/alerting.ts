import { alertQueries } from '../../contracts/metrics/definitions.js';
import { type Alerting, alertingRules } from '../../contracts/spec/alerting-rules.js';
import { rulesFor } from '../../domain/lifecycle/rules.js';
import type { SpecReading } from '../../domain/spec/overview.js';
import type { CompiledSpec } from '../../domain/spec/spec.js';
import type { Api } from '../deps.js';
import { Problem } from '../problem.js';

/** What alerting rules are made for. */
export interface Watched {
  readonly lifecycle: string;
  readonly team: string;
  /** Label of the release. */
  readonly release: string;
}

/** The alerting rules of a spec, by the definitions of metrics as they are now. Throws `Problem` where nobody can tell. */
export async function alertingOf(
  { metricDefinitions, logger }: Pick<Api, 'metricDefinitions' | 'logger'>,
  spec: CompiledSpec,
  { mode, tier, model }: SpecReading,
  { lifecycle, team, release }: Watched,
): Promise<Alerting> {
  const rules = rulesFor(model, mode, tier);
  if (rules === null) return { groups: [], unwatched: [] };
  const sources = await metricDefinitions().catch((error: unknown) => {
    logger.error({ err: error }, 'the metric sources file cannot be read');
    throw new Problem(
      'metric-sources-unavailable',
      'the metric sources file cannot be read now; an operator finds why in the log',
    );
  });
  return alertingRules(spec, alertQueries(sources, team), { lifecycle, release, rules, model });
}

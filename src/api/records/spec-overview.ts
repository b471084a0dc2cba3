import type { Alerting } from '../../contracts/spec/alerting-rules.js';
import { guardLines } from '../../contracts/spec/guard-lines.js';
import type { Spec } from '../../contracts/spec.js';
import type { SpecOverviewAnswer } from '../../contracts/spec-overview.js';
import { digestOf } from '../../domain/digest.js';
import type { Json } from '../../domain/json.js';
import { type SpecReading, specOverview } from '../../domain/spec/overview.js';
import type { CompiledSpec } from '../../domain/spec/spec.js';

/** All that a version compiles to, under a digest of its own: the same spec under the same rules is the same answer. */
export function overviewOf(
  written: Json,
  compiled: CompiledSpec,
  reading: SpecReading,
  alerting: Alerting,
): SpecOverviewAnswer {
  const { mode, tier, model } = reading;
  const overview = {
    ...specOverview(compiled, reading),
    model: { name: model.name, version: model.version, digest: model.digest },
    mode,
    tier,
    // It was read by the form of a spec when it was drafted.
    guard: guardLines(written as Spec),
    alerts: alertLines(alerting),
    unwatched: alerting.unwatched,
  } as unknown as Omit<SpecOverviewAnswer, 'digest'>;
  return { digest: digestOf(overview as Json), ...overview };
}

function alertLines({ groups }: Alerting): SpecOverviewAnswer['alerts'] {
  return groups
    .flatMap(({ rules }) => rules)
    .map(({ alert, labels, for: wait }) => ({
      clause: labels.airworthy_clause ?? labels.airworthy_silent_clause ?? '',
      alert,
      group: labels.airworthy_group ?? null,
      severity: labels.severity ?? '',
      for: wait ?? null,
    }));
}

import type { AlertResult } from '../../contracts/alerts.js';
import { digestOf } from '../../domain/digest.js';
import type { Json } from '../../domain/json.js';
import type { Problem } from '../problem.js';
import type { Refusals } from '../refusals.js';
import type { RequestContext } from '../request-context.js';

/** Alertmanager repeats what fires for as long as it does: a refusal that is on record is not recorded again. */
const KEPT = 2_000;

interface RefusedAlerts {
  record(
    names: Pick<AlertResult, 'alert' | 'lifecycle' | 'clause'>,
    problem: Problem,
    context: RequestContext,
  ): Promise<void>;
}

/** The record of alerts that were refused: on the chain of the lifecycle that they name, where there is one. */
export function createRefusedAlerts(refusals: Pick<Refusals, 'record'>): RefusedAlerts {
  const recorded = new Set<string>();
  return {
    async record(names, { code, reasons }, { person, lifecycle, hidden, requestId }) {
      const refused = { ...names, code: hidden === undefined ? code : 'not-permitted' };
      const id = digestOf(refused).slice(7, 39);
      if (person === undefined || recorded.has(id)) return;
      await refusals.record({
        id: `refusal/${requestId}/${id}`,
        lifecycle: lifecycle ?? null,
        kind: 'refusal',
        seq: null,
        at: Date.now(),
        type: refused.code,
        by: person.id,
        command: 'report-breach',
        data: {
          action: 'alertmanager',
          alert: names.alert,
          ...(lifecycle === undefined && { key: names.lifecycle }),
          clause: names.clause,
          reasons: (hidden ?? reasons) as Json,
        },
      });
      recorded.add(id);
      const [oldest] = recorded;
      if (recorded.size > KEPT && oldest !== undefined) recorded.delete(oldest);
    },
  };
}

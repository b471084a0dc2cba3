import { createHash } from 'node:crypto';
import type { Response } from 'express';
import { rowOf } from '../../contracts/actions.js';
import { type Alert, type AlertResult, alertForm } from '../../contracts/alerts.js';
import { COMMAND_BODIES } from '../../contracts/commands.js';
import { PROBLEMS } from '../../contracts/problem.js';
import type { Payloads } from '../../domain/commands/payloads.js';
import type { Json } from '../../domain/json.js';
import { authorize, standingOf } from '../authorize.js';
import type { Api } from '../deps.js';
import { parseBody } from '../parse-body.js';
import { Problem } from '../problem.js';
import { contextOf, type Standing } from '../request-context.js';
import { createRefusedAlerts } from './refused-alerts.js';

const WAIT_MS = 5_000;

/**
 * Takes the alerts of one webhook, all of them. Throws `Problem` at the end where one of them could not be taken now,
 * and could be later.
 */
export type TakeAlerts = (alerts: readonly unknown[], response: Response) => Promise<AlertResult[]>;

/** Each alert as a `report-breach` of whoever calls; what can never be taken is recorded as refused, and said. */
export function createTakeAlerts(api: Api): TakeAlerts {
  const refusals = createRefusedAlerts(api.refusals);

  const taking = async (written: unknown, response: Response): Promise<AlertResult> => {
    const base = namesOf(written);
    try {
      const alert = parseBody(alertForm, written as Json);
      if (alert.labels.airworthy_silent_clause !== undefined) return { ...base, ...NOTED };
      return { ...base, ...(await report(api, alert, response)) };
    } catch (error) {
      if (!(error instanceof Problem) || PROBLEMS[error.code].status >= 500) throw error;
      if (error.code === 'unchanged') return { ...base, ...UNCHANGED, message: error.message };
      await refusals.record(base, error, contextOf(response));
      return { ...base, result: 'refused', code: error.code, message: error.message };
    } finally {
      forget(response);
    }
  };

  return async (alerts, response) => {
    const results: AlertResult[] = [];
    const failures: unknown[] = [];
    // One after the other: each is authorized by itself, in the one context that a request has.
    for (const alert of alerts) {
      // What keeps one lifecycle from answering says nothing of the others; sent again, they are known already.
      try {
        results.push(await taking(alert, response));
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return results;
  };
}

const UNCHANGED = { result: 'unchanged', code: null } as const;
const NOTED = {
  result: 'noted',
  code: null,
  message: 'the guard itself acts on silence, by the limit of the tier',
} as const;

async function report(api: Api, alert: Alert, response: Response) {
  const { actor, key } = await standingOn(api, alert.labels.airworthy_lifecycle, response);
  const payload = payloadOf(alert);
  const envelope = { ...identityOf(actor.person, alert), actor, payload };
  const answer = await api.prover.sending(key, 'report-breach', envelope, (proven) =>
    api.gateway.command(key, 'report-breach', proven, WAIT_MS),
  );
  api.lag.saw(key, answer.view.version);
  const repeated = answer.replayed ? 'it was taken before' : null;
  return { result: repeated === null ? 'taken' : 'unchanged', code: null, message: repeated } as const;
}

/** The caller's standing on the lifecycle that an alert names, by the row of the command that it becomes. */
async function standingOn(api: Api, key: string, response: Response): Promise<Standing> {
  await authorize(api, response, rowOf('report-breach'), key);
  return standingOf(response);
}

/** The next alert may be about another lifecycle. */
function forget(response: Response): void {
  const context = contextOf(response);
  delete context.lifecycle;
  delete context.hidden;
  delete context.standing;
}

/** Throws `Problem` for an alert that names no clause, or names anything as no body may. */
function payloadOf({ status, labels, annotations, startsAt, fingerprint }: Alert): Payloads['report-breach'] {
  const value = Number(annotations.airworthy_value ?? Number.NaN);
  const { airworthy_release: release, airworthy_group: group } = labels;
  const written = {
    clause: labels.airworthy_clause ?? '',
    status,
    ...(release !== undefined && { release }),
    ...(group !== undefined && { group }),
    startsAt,
    alert: fingerprint,
    value: Number.isFinite(value) ? value : null,
  };
  return { ...parseBody(COMMAND_BODIES['report-breach'].body, written), startsAt: Date.parse(startsAt) };
}

/** One firing, and its end, are each one command, however often Alertmanager sends them and whatever the value is by then. */
function identityOf(person: string, { status, labels, startsAt, fingerprint }: Alert) {
  const said = [fingerprint, startsAt, status].join('\n');
  const hash = (text: string) => createHash('sha256').update(text).digest('base64url');
  return {
    id: hash(`${person}\nalert\n${said}`).slice(0, 22),
    digest: hash(`${labels.airworthy_lifecycle}\n${said}`).slice(0, 16),
  };
}

/** What an alert is called, as far as it can be read at all. */
function namesOf(written: unknown): Pick<AlertResult, 'alert' | 'lifecycle' | 'clause'> & { message: null } {
  const text = (value: unknown, max: number) =>
    typeof value === 'string' && value !== '' ? value.slice(0, max) : null;
  const fields = (value: unknown): { readonly [name: string]: unknown } =>
    typeof value === 'object' && value !== null ? { ...value } : {};
  const { fingerprint, labels } = fields(written);
  const { airworthy_lifecycle: lifecycle, airworthy_clause: clause } = fields(labels);
  return {
    alert: text(fingerprint, 64),
    lifecycle: text(lifecycle, 64),
    clause: text(clause, 64),
    message: null,
  };
}

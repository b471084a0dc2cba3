import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { lifecycleId } from '../../src/workflows/messages.js';
import { type Contestant, DECISIONS, type Decision, type EffectsSeen, SEEN_BEFORE } from '../contestant.js';
import { pilotBody, SENDERS } from './pilot.js';
import { resolvePilot } from './start.js';

const A_DAY_MS = 86_400_000;

async function call(method: 'GET' | 'POST', url: string, person: string, body?: unknown) {
  const headers = { authorization: `Bearer bench-${person}`, 'content-type': 'application/json' };
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(url, { method, headers, ...content });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}

/** The same journey through the API, by its people, as a client sees it. */
export async function createOverHttp(api: string, client: Client, effects: EffectsSeen): Promise<Contestant> {
  const { start } = await resolvePilot();
  return {
    async journey(decided) {
      const key = `bench-${randomUUID()}`;
      const workflowId = lifecycleId(key);
      const body = pilotBody(key);
      const started = await call('POST', `${api}/v1/lifecycles`, 'builder', body);
      // A start that no worker has taken up in time is answered without a view.
      const subject =
        subjectOf(started) ?? subjectOf(await call('GET', `${api}/v1/lifecycles/${key}`, 'partner'));
      const bodies: { readonly [D in Decision]: unknown } = {
        comment: { gate: 'start', comment: 'for the benchmark' },
        decide: { gate: 'start', generation: 1, subject, decision: 'approve' },
        'assess-risk': { facts: { data: 'none' } },
        'extend-pilot': {
          endsAt: new Date((start.pilot?.endsAt ?? 0) + A_DAY_MS).toISOString(),
          reason: 'for the benchmark',
        },
        'end-pilot': { reason: 'for the benchmark' },
      };
      for (const decision of DECISIONS) {
        const before = SEEN_BEFORE[decision];
        if (before !== null) await effects.wait(workflowId, before);
        const begun = performance.now();
        await call('POST', `${api}/v1/lifecycles/${key}/${decision}`, SENDERS[decision], bodies[decision]);
        decided(performance.now() - begun);
      }
      await client.workflow.getHandle(workflowId).result();
      return workflowId;
    },
  };
}

/** The open start gate's subject, as the API showed it. */
function subjectOf(view: unknown): string | undefined {
  if (typeof view !== 'object' || view === null || !('gates' in view) || !Array.isArray(view.gates))
    return undefined;
  const [gate]: unknown[] = view.gates;
  return typeof gate === 'object' && gate !== null && 'subject' in gate ? String(gate.subject) : undefined;
}

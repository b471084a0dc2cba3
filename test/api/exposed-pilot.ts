import { expect } from 'vitest';
import { PILOT, type RunningApi } from './running-api.js';

const AT = `/v1/lifecycles/${PILOT.key}`;

/** Starts the pilot and has it begin to be exposed: ravi's, with priya as its partner and so its operating owner. */
export async function exposePilot(api: RunningApi): Promise<void> {
  expect((await api.post('/v1/lifecycles', PILOT)).status).toBe(201);
  const [gate] = (await api.get(AT)).body.gates;
  const { generation = 1, subject = '' } = gate ?? {};
  const decision = { gate: 'start', generation, subject, decision: 'approve' };
  expect((await api.post(`${AT}/decide`, decision, { as: 'priya' })).status).toBe(200);
  const report = {
    type: 'gate-confirmed',
    gate: 'start',
    generation,
    asked: ['priya'],
    ineligible: [],
  } as const;
  api.lifecycles.entity(PILOT.key).report(report, Date.now());
}

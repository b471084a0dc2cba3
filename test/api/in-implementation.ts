import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../../src/domain/json.js';
import type { RunningApi } from './running-api.js';

const written = (name: string): Json => parse(readFileSync(`examples/tax-payments/${name}`, 'utf8')) as Json;

/** Key of the shipped tax example. */
export const TAX = 'tax-payments';

/** Starts the tax example and carries it to where its releases are registered. */
export async function startImplementation(api: RunningApi): Promise<void> {
  const at = `/v1/lifecycles/${TAX}`;
  const usecase = written('usecase.yaml') as { readonly [field: string]: Json };
  const done = async (path: string, body: Json, as: string): Promise<void> => {
    const { status, text } = await api.post(path, body, { as });
    expect([status, text.slice(0, 300)]).toEqual([path === '/v1/lifecycles' ? 201 : 200, expect.anything()]);
  };
  await done('/v1/lifecycles', usecase, 'divya');
  await done(`${at}/draft-spec`, { spec: written('spec-v1.yaml') }, 'hari');
  await done(`${at}/submit-spec`, { version: 1 }, 'hari');
  const [gate] = (await api.get(at, { as: 'hari' })).body.gates;
  const { generation = 1, subject = '' } = gate ?? {};
  const decision = { gate: 'specification', generation, subject, decision: 'approve' };
  for (const person of ['leena', 'gita']) await done(`${at}/decide`, decision, person);
  const confirmed = { type: 'gate-confirmed', gate: 'specification', generation } as const;
  const report = { ...confirmed, asked: ['leena', 'gita'], ineligible: [] };
  api.lifecycles.entity(TAX).report(report, Date.now());
  expect((await api.get(at, { as: 'hari' })).body.stage).toBe('implementation');
}

/** A release as its builder registers it, with the words of its prompt for a part. */
export async function registerRelease(api: RunningApi, digit: string): Promise<void> {
  const body = { digests: { prompt: `sha256:${digit.repeat(64)}` }, changedSections: [] };
  const { status } = await api.post(`/v1/lifecycles/${TAX}/register-release`, body, { as: 'hari' });
  expect(status).toBe(200);
}

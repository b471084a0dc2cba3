import { onTestFinished } from 'vitest';
import type { ApiDeps } from '../../../src/api/deps.js';
import { type GuardAnswer, guardCheckAnswer } from '../../../src/contracts/guard.js';
import { exposePilot } from '../exposed-pilot.js';
import { MemoryGuardLeases, MemoryGuardSource } from '../memory-guard.js';
import { PILOT, type RunningApi, runningApi } from '../running-api.js';

/** An API with a pilot that is exposed and known to its guard, and what feeds that guard. */
export async function guardedPilot(overrides: Partial<ApiDeps> = {}) {
  const source = new MemoryGuardSource(() => states());
  const leases = new MemoryGuardLeases();
  const api: RunningApi = await runningApi({ guardSource: source, guardLeases: leases, ...overrides });
  const states = () => api.lifecycles.keys().map((key) => api.lifecycles.entity(key).state);
  await exposePilot(api);
  await api.guard.book.refresh();
  await api.guard.caps.sync();

  const ask = async (action: object = {}, headers: Readonly<Record<string, string>> = {}) =>
    api.post(
      `/v1/guard/${PILOT.key}/check`,
      { action: 'draft minutes', case: 'case-1', person: 'p-1', ...action },
      { as: 'ci', headers },
    );
  const check = async (action: object = {}, headers = {}): Promise<GuardAnswer> =>
    guardCheckAnswer.parse((await ask(action, headers)).body);
  /** From here on the spec says that what cannot be known is allowed. */
  const lenient = (): void => {
    const { book } = api.guard;
    const { rules } = book;
    book.rules = (spec) => {
      const known = rules(spec);
      return known === undefined ? undefined : { ...known, whenUnknown: 'allow' };
    };
  };
  onTestFinished(() => {
    source.away = false;
  });
  return { api, source, leases, ask, check, lenient };
}

export const AT = `/v1/lifecycles/${PILOT.key}`;

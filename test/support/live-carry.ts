/** A lifecycle that serves already, as one run hands it to the next: what nobody has to be asked for again. */
import { createPeopleFile } from '../../src/adapters/people-file.js';
import { initial } from '../../src/domain/lifecycle/initial.js';
import type { State } from '../../src/domain/lifecycle/state.js';
import type { OperatingModel } from '../../src/domain/policy.js';
import { inCheckout } from '../../src/main/checkout.js';
import type { Carry } from '../../src/workflows/carry.js';
import { compiledSpec, digest, FALSE_COMMITMENTS, MEDIUM, startInput } from './lifecycle.js';

const directory = createPeopleFile(inCheckout('examples', 'people.yaml'));

/** Live with one clause that is looked at as often as `every` says, its times shortened by `timeScale`. */
export async function liveCarry(
  key: string,
  unscaled: OperatingModel,
  timeScale: number,
  every: string,
): Promise<Carry> {
  const model = { ...unscaled, timeScale };
  const start = await startInput(directory, { key, model, facts: MEDIUM, calendar: 'always' });
  const now = Date.now();
  const check = { ...FALSE_COMMITMENTS, at: ['live'], window: '3d', every };
  const spec = compiledSpec('live', [check]);
  const release = { digest: digest('r1'), label: 'r1', changedSections: [], registeredBy: 'hari' };
  const serving = { release: release.digest, percent: 100 };
  const allocation = { candidate: null, serving, cohort: null, review: 'normal' } as const;
  const subject = digest('subject');
  const state: State = {
    ...initial(start, now),
    stage: 'live',
    delivery: null,
    serving: {
      release,
      spec: { version: 1, spec, author: 'hari', submittedBy: 'hari', frozenAt: now },
      percent: 100,
      since: now,
      termFrom: now,
      approval: {
        gate: 'readiness',
        subject,
        approvers: [],
        at: now,
        startBy: null,
        serveUntil: now + 300 * 86_400_000,
      },
    },
    exposure: { fence: 1, wanted: allocation, applied: allocation },
    watch: { exposed: [{ release: release.digest, since: now, breaches: [], silentSince: null }], heard: [] },
  };
  const link = `http://127.0.0.1:8080/v1/lifecycles/${key}`;
  return { carry: { state, outbox: [], memory: [], trust: 'dev', link, engine: state.engine } };
}

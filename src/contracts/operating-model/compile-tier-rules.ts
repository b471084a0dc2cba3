import type { EvidenceRule, QueueTerms, RolloutStep, ServingTerm, TierRules } from '../../domain/policy.js';
import { businessOf, elapsedOf } from '../duration-text.js';
import { compileGate, compileLift } from './compile-gate.js';
import type { WrittenQueueTerms, WrittenTierRules } from './tier-rules.js';
import { authorityOf } from './words.js';

/** One column of the operating model's table as the decider reads it: what was left out becomes explicit. */
export function compileTierRules(written: WrittenTierRules): TierRules {
  const { rollout, approval, caps, extension, lift, queue, drills } = written;
  return {
    gates: Object.fromEntries(Object.entries(written.gates).map(([name, gate]) => [name, compileGate(gate)])),
    change: written.change === undefined ? null : compileGate(written.change),
    informed: written.informed ?? [],
    mayHold: written.mayHold ?? [],
    evidence: written.evidence.map(compileEvidence),
    rollout: {
      start: rollout.start,
      recheck: elapsedOf(rollout.recheck),
      ...(rollout.recover === undefined ? {} : { recover: rollout.recover }),
      steps: rollout.steps.map(compileStep),
    },
    minSample: written.minSample,
    approval: { startBy: elapsedOf(approval.startBy), serveUntil: compileServing(approval.serveUntil) },
    caps:
      caps === undefined
        ? null
        : {
            people: caps.people,
            cases: caps.cases,
            sharePercent: caps.sharePercent,
            box: elapsedOf(caps.box),
            moneyEur: caps.moneyEur ?? null,
          },
    extension: extension === undefined ? null : { ...extension, keys: extension.keys.map(authorityOf) },
    review: written.review,
    silence: { after: elapsedOf(written.silence.after), effect: written.silence.effect },
    criticalHold: written.criticalHold,
    ...(drills && {
      drills: { every: elapsedOf(drills.every), within: elapsedOf(drills.within), overdue: drills.overdue },
    }),
    queue: {
      ...compileQueueTerms(queue),
      agents: queue.agents === undefined ? null : compileQueueTerms(queue.agents),
    },
    lift: {
      ordinary: compileLift(lift.ordinary),
      afterRollback: compileLift(lift.afterRollback),
      afterRollbackAtFull: compileLift(lift.afterRollbackAtFull),
    },
  };
}

function compileEvidence(written: WrittenTierRules['evidence'][number]): EvidenceRule {
  const { kind, before, maxAge, from, when } = written;
  return {
    kind,
    before,
    maxAge: maxAge === undefined ? null : elapsedOf(maxAge),
    from: from ?? 'any',
    ...(when === undefined ? {} : { when }),
  };
}

function compileStep(written: WrittenTierRules['rollout']['steps'][number]): RolloutStep {
  const { kind, percent, window, windows, accept, advance } = written;
  return {
    kind,
    percent,
    window: window === undefined ? 0 : elapsedOf(window),
    windows: window === undefined ? 0 : (windows ?? 1),
    accept: accept ?? 'none',
    advance: advance ?? 'automatic',
  };
}

function compileServing(written: WrittenTierRules['approval']['serveUntil']): ServingTerm | null {
  if (written === 'end-of-box') return null;
  return { months: written.months, plus: written.plus === undefined ? null : businessOf(written.plus) };
}

function compileQueueTerms({ sla, secondLine, ...rest }: WrittenQueueTerms): QueueTerms {
  return { sla, secondLine: secondLine ?? null, default: rest.default };
}

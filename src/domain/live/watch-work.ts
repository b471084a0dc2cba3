import type { Digest } from '../digest.js';
import { effectiveTier } from '../lifecycle/rules.js';
import type { State } from '../lifecycle/state.js';
import type { Instant } from '../vocabulary.js';
import type { Known } from './counters.js';
import { subjects } from './subjects.js';
import { termsOf, type WatchTerms } from './terms.js';

/** Watches one release that people are exposed to, until something changes. */
export interface WatchRelease extends Known {
  readonly kind: 'watch';
  readonly key: string;
  readonly lane: string;
  readonly summary: string;
  readonly lifecycle: string;
  readonly team: string;
  readonly release: Digest;
  /** How the series call the release and where it stands. */
  readonly label: string;
  readonly step: string;
  /** Since when people are exposed to it. */
  readonly since: Instant;
  readonly terms: WatchTerms;
}

/** One for each release that people are exposed to, with clauses that are judged live, and that no rollout judges now. */
export function watches(state: State): WatchRelease[] {
  if (state.engine < 3) return [];
  return subjects(state).flatMap(({ release, spec, watched, step, verifying }): WatchRelease[] => {
    const terms = verifying ? null : termsOf(state, spec);
    if (!terms) return [];
    const { since, breaches, silentSince } = watched;
    const { digest, label } = release;
    const open = breaches.map(({ clause, group }) => ({ clause, group }));
    // Whatever it is told at its beginning is part of its key: told otherwise it begins again.
    const rules = `${state.model.version}-${effectiveTier(state.tier)}-${spec.digest.slice(7, 15)}`;
    const told = `${since}-${breaches.map(({ at }) => at).join('+')}-${silentSince ?? ''}`;
    return [
      {
        kind: 'watch',
        key: `${state.key}/watch/${label}/${step}/${rules}/${told}`,
        lane: `watch/${label}`,
        summary: `watch ${label} ${step === 'live' ? 'live' : `at ${step}`}: ${terms.checks.length} clauses`,
        lifecycle: state.key,
        team: state.team.id,
        release: digest,
        label,
        step,
        since,
        terms,
        open,
        silent: silentSince !== null,
      },
    ];
  });
}

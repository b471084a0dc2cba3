import type { Digest } from '../digest.js';
import type { Evolutions } from '../lifecycle/evolution.js';
import { evolveStanding } from '../lifecycle/evolve-standing.js';
import type { State } from '../lifecycle/state.js';
import type { Allocation } from '../release/allocation.js';
import { evolveRelease } from '../release/evolve-release.js';
import type { Instant } from '../vocabulary.js';
import { NO_WATCH, type Watched } from './watch.js';

/** Firings of alerts that are remembered: as many clauses as a spec may have. */
const KEPT_ALERTS = 40;

/** Releases whose answers reach people. */
function exposedIn({ candidate, serving }: Allocation): Digest[] {
  const releases = [serving?.release, candidate?.shadow ? undefined : candidate?.release];
  return [...new Set(releases.flatMap((release) => release ?? []))];
}

/** A release that goes on being exposed keeps what is known of it; one that is exposed anew begins anew. */
function watching(state: State, applied: Allocation | 'unknown', at: Instant): State {
  if (state.engine < 3 || applied === 'unknown') return state;
  const exposed = exposedIn(applied).map(
    (release): Watched =>
      state.watch.exposed.find((known) => known.release === release) ?? {
        release,
        since: at,
        breaches: [],
        silentSince: null,
      },
  );
  return { ...state, watch: { ...state.watch, exposed } };
}

function updateWatched(state: State, release: Digest, change: (watched: Watched) => Watched): State {
  const exposed = state.watch.exposed.map((one) => (one.release === release ? change(one) : one));
  return { ...state, watch: { ...state.watch, exposed } };
}

/** What the guard sees, and what is exposed for it to see. Stands over the evolutions that it completes. */
export const evolveWatch = {
  ExposureConfirmed: (state, event, at) =>
    watching(evolveRelease.ExposureConfirmed(state, event), event.allocation, at),
  EngineChanged: (state, event, at) =>
    watching(evolveStanding.EngineChanged(state, event), state.exposure.applied, at),
  BreachObserved: (state, { release, clause, group, alert, since }, at) => {
    const watch =
      alert === null
        ? state.watch
        : { ...state.watch, heard: [...state.watch.heard, { alert, startsAt: since }].slice(-KEPT_ALERTS) };
    return updateWatched({ ...state, watch }, release, (watched) => ({
      ...watched,
      breaches: [...watched.breaches, { clause, group, at, alert }],
    }));
  },
  BreachEnded: (state, { release, clause, group }) =>
    updateWatched(state, release, (watched) => ({
      ...watched,
      breaches: watched.breaches.filter((open) => open.clause !== clause || open.group !== group),
    })),
  SilenceObserved: (state, { release, since }) =>
    updateWatched(state, release, (watched) => ({ ...watched, silentSince: since })),
  SilenceEnded: (state, { release }) =>
    updateWatched(state, release, (watched) => ({ ...watched, silentSince: null })),
  Retired: (state, event) => ({ ...evolveRelease.Retired(state, event), watch: NO_WATCH }),
} satisfies Partial<Evolutions>;

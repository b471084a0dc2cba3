import type pg from 'pg';
import type { Instant } from '../../domain/vocabulary.js';
import { MODES, STAGES, TIERS } from '../../domain/vocabulary.js';
import type { LifecycleRow, Portfolio } from '../../ports/read-model.js';

const COUNTS = {
  name: 'portfolio',
  text: `
    SELECT stage, tier, mode, team, count(*)::int, min(opened_at) AS oldest,
      count(*) FILTER (WHERE held)::int AS held, count(*) FILTER (WHERE due < $2)::int AS overdue
    FROM projection.lifecycle
    WHERE NOT retired AND ($1::text[] IS NULL OR team = ANY($1))
    GROUP BY GROUPING SETS ((), (stage), (tier), (mode), (team))`,
};

/** A group has the one value it is of, and the total has none. */
interface Count {
  readonly stage: LifecycleRow['stage'] | null;
  readonly tier: LifecycleRow['tier'] | null;
  readonly mode: LifecycleRow['mode'] | null;
  readonly team: string | null;
  readonly count: number;
  readonly oldest: Instant;
  readonly held: number;
  readonly overdue: number;
}

/** Counts the open lifecycles of these teams (null: of all) in one pass. */
export async function countUp(
  pool: pg.Pool,
  teams: readonly string[] | null,
  now: Instant,
): Promise<Portfolio> {
  const { rows } = await pool.query<Count>({ ...COUNTS, values: [teams, now] });
  const total = rows.find((row) => [row.stage, row.tier, row.mode, row.team].every((of) => of === null));
  const find = (of: 'stage' | 'tier' | 'mode', value: string) => rows.filter((row) => row[of] === value);
  return {
    open: total?.count ?? 0,
    held: total?.held ?? 0,
    overdue: total?.overdue ?? 0,
    byStage: STAGES.flatMap((stage) =>
      find('stage', stage).map(({ count, oldest }) => ({ stage, count, oldest })),
    ),
    byTier: TIERS.flatMap((tier) => find('tier', tier).map(({ count }) => ({ tier, count }))),
    byMode: MODES.flatMap((mode) => find('mode', mode).map(({ count }) => ({ mode, count }))),
    byTeam: rows
      .flatMap(({ team, count }) => (team === null ? [] : [{ team, count }]))
      .sort((a, b) => b.count - a.count || (a.team < b.team ? -1 : 1)),
  };
}

import { holdersOf } from '../gates/authority.js';
import { unstaffedSeats } from '../gates/eligible.js';
import { seatsFor } from '../gates/seats.js';
import type { Authority, TierRules } from '../policy.js';
import type { Reason } from '../rejection.js';
import type { PersonId } from '../vocabulary.js';
import type { Rights, Team } from './state.js';

/** Everything that people have to fill under these rules: the gates ahead, and the keys that lift a hold. */
function asked({ gates, change, lift }: TierRules): [string, readonly Authority[]][] {
  const listed = Object.entries({ ...gates, ...(change ? { change } : {}) });
  return [
    ...listed.map(([gate, { seats }]): [string, readonly Authority[]] => [`the ${gate} gate`, seats]),
    ['lifting a hold', lift.ordinary.keys],
    ['lifting the hold after a rollback', lift.afterRollback.keys],
    ['lifting the hold after a rollback from full exposure', lift.afterRollbackAtFull.keys],
  ];
}

/** Seats that no choice of the team's people could fill; a vacant right may still be assigned. */
export function staffingReasons(
  rules: TierRules | null,
  { team, rights, editors }: { team: Team; rights: Rights; editors: readonly PersonId[] },
): Reason[] {
  return (rules ? asked(rules) : []).flatMap(([what, authorities]) => {
    const seats = seatsFor(authorities).filter(
      ({ authority }) => 'function' in authority || holdersOf(rights, authority.right).length > 0,
    );
    return unstaffedSeats(seats, team, rights, editors).map(({ id }): Reason => {
      const message = `nobody in team ${team.id} could fill the seat ${id} of ${what}; add an eligible person`;
      return { code: 'unstaffed', message, fact: id };
    });
  });
}

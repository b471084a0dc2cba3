import type { Command } from '../../commands/payloads.js';
import { refuseMove } from '../../migration/migrate.js';
import type { Rejection } from '../../rejection.js';
import type { Draft } from '../draft.js';
import { turnFirstKey } from '../two-key.js';

/** The first of two keys that take a running lifecycle to a published version of its model. */
export function acceptMigration(
  draft: Draft,
  { actor, payload: { model } }: Command<'accept-migration'>,
): Rejection | undefined {
  const refused = refuseMove(draft.state, model);
  if (refused) return refused;
  // Those who wrote the new rules decide about going over to them no more than under them.
  const excluded = [...new Set([...draft.state.model.editors, ...model.editors])];
  return turnFirstKey(
    draft,
    actor,
    model.policyChange.migrate,
    { type: 'accept-migration', model },
    excluded,
  );
}

import type { Command } from '../../commands/payloads.js';
import { type Rejection, reject } from '../../rejection.js';
import { recordDrill } from '../../release/drills.js';
import { releasesInUse } from '../../release/eligible-release.js';
import type { Instant } from '../../vocabulary.js';
import type { Draft } from '../draft.js';

/** Takes in a drill that was held: what is old, or not over yet, proves nothing. */
export function recordDrillByCommand(
  draft: Draft,
  { actor, payload }: Command<'record-drill'>,
): Rejection | undefined {
  const { drill: kind, heldAt: at, seconds, worked, report } = payload;
  const tookMs = Math.round(seconds * 1_000);
  if (at + tookMs > draft.now)
    return reject('evidence-stale', 'the drill lies in the future, or is not over yet', 'heldAt');
  const last = draft.state.drills.held.findLast((held) => held.kind === kind);
  if (last && last.at >= at) {
    const held = new Date(last.at).toISOString();
    return reject('unchanged', `a ${kind} drill of ${held} is known, which is no older`, 'heldAt');
  }
  recordDrill(draft, { kind, at, tookMs, report, by: actor.person }, worked);
  return undefined;
}

/** Notes the end that a vendor announced, moved or withdrew. */
export function noteVendorEnd(draft: Draft, { payload }: Command<'note-vendor-end'>): Rejection | undefined {
  const known = releasesInUse(draft.state);
  const release = known.findLast(({ label }) => label === payload.release);
  if (!release) {
    const labels = known.map(({ label }) => label).join(', ') || 'none';
    return reject('not-found', `no release ${payload.release} can serve; these can: ${labels}`, 'release');
  }
  const until: Instant | null = payload.until ?? null;
  if ((release.vendorUntil ?? null) === until) return reject('unchanged', 'that is what is noted already');
  draft.emit({ type: 'VendorEndNoted', release: release.digest, until });
  return undefined;
}

import type { DryRunShown, ProposalShown } from '../client/policy.js';
import { localTime } from './instants.js';
import type { Terminal } from './terminal.js';

/** What a version would change, lifecycle by lifecycle, a line for each difference. */
export function showDryRun(
  { model, lifecycles, affected, unseen }: DryRunShown,
  { out, err, paint }: Terminal,
): void {
  const of = lifecycles === 1 ? '1 open lifecycle' : `${lifecycles} open lifecycles`;
  out(paint.bold(`${model.name} ${model.version} would change ${affected.length} of ${of}`));
  for (const { key, title, stage, version, differences } of affected) {
    out('');
    out(`${paint.bold(key)}  ${title}, in ${stage} under version ${version}`);
    for (const { message } of differences) out(`  - ${message}`);
  }
  if (unseen.length > 0)
    err(paint.bad(`Not looked at, because the ledger cannot fold them now: ${unseen.join(', ')}`));
}

/** Where a version stands, who has decided, and who is next. */
export function showProposal(proposal: ProposalShown, { out, paint }: Terminal): void {
  const { name, version, status, proposer, digest, replaces, gate, dryRun, approvedBy, publishBy } = proposal;
  const instead = replaces === null ? 'a new model' : `instead of version ${replaces.version}`;
  out(`${paint.bold(`${name} ${version}`)}  ${status}, proposed by ${proposer}, ${instead}`);
  out(`  model     ${digest}`);
  if (dryRun !== null)
    out(`  dry run   ${dryRun.affected} of ${dryRun.lifecycles} lifecycles affected  ${dryRun.report}`);
  if (gate !== null) {
    out(`  gate      opening ${gate.generation}, ${gate.status}, due ${localTime(gate.due)}`);
    for (const { seat, filledBy } of gate.seats) out(`    ${seat}: ${filledBy ?? 'open'}`);
    if (gate.waitingOn.length > 0) out(`  waits on  ${gate.waitingOn.join(', ')}`);
    out(`  subject   ${gate.subject}`);
  }
  if (approvedBy.length > 0) out(`  approved  by ${approvedBy.join(', ')}`);
  if (publishBy !== null) out(`  publish   by ${localTime(publishBy)}`);
}

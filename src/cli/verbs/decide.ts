import type { Command } from 'commander';
import { COMMAND_SUMMARIES } from '../../contracts/command-summaries.js';
import { PROBLEMS } from '../../contracts/problem.js';
import { readView, sendCommand, type View } from '../client/lifecycles.js';
import { UsageError } from '../client/problems.js';
import { localTime } from '../terminal/instants.js';
import type { Terminal } from '../terminal/terminal.js';
import { again } from './again.js';
import { jsonFields } from './body.js';
import { type CliContext, clientOf, sharedOptions } from './context.js';
import { reportAnswer } from './report.js';

interface DecideOptions {
  readonly as?: string;
  readonly json?: boolean;
  readonly comment?: string;
  readonly clause?: readonly string[];
  readonly seat?: string;
  readonly for?: string;
  readonly data?: string;
  readonly idempotencyKey?: string;
}

/** `decide KEY GATE approve -m …`: reads what is being decided from the view, shows it, and answers that. */
export function decideVerb(program: Command, context: CliContext): void {
  const verb = program
    .command('decide')
    .description(COMMAND_SUMMARIES.decide)
    .argument('<key>', 'the use case')
    .argument('<gate>', 'the open gate, as the view names it')
    .argument('<decision>', 'approve, approve-with-conditions, request-changes, reject, abstain or recuse')
    .option('-m, --comment <text>', 'for the others at this gate')
    .option('--clause <clause>', 'a clause that has to change; again for more', again)
    .option('--seat <seat>', 'the seat to fill; left out, it is found by matching')
    .option('--for <person>', 'in whose name; left out, in your own or as it fits')
    .option('--data <json>', 'further fields, such as conditions, as JSON')
    .option('--idempotency-key <key>', 'to repeat a decision whose outcome is unknown');
  sharedOptions(verb).action(async (key: string, name: string, decision: string, options: DecideOptions) => {
    const api = await clientOf(context, options);
    const view = await readView(api, key);
    const gate = findGate(view, name);
    showSubject(view, gate, context.terminal);
    const { comment, clause, seat, for: from, data, idempotencyKey, json } = options;
    const body = {
      gate: gate.gate,
      generation: gate.generation,
      subject: gate.subject,
      decision,
      ...(comment !== undefined && { comment }),
      ...(clause !== undefined && { clauses: clause }),
      ...(seat !== undefined && { seat }),
      ...(from !== undefined && { for: from }),
      ...(data !== undefined && jsonFields(data)),
    };
    reportAnswer(context, await sendCommand(api, key, 'decide', body, idempotencyKey), json);
  });
}

function findGate({ key, gates }: View, name: string): View['gates'][number] {
  const gate = gates.find((each) => each.gate === name);
  if (gate !== undefined) return gate;
  const open = gates.map((each) => each.gate).join(', ') || 'none';
  const message = `${key} has no open gate ${name}; open are: ${open}`;
  throw new UsageError(message, { exit: PROBLEMS['gate-closed'].exit });
}

/** On the error stream, so that it is seen and is no part of the answer. */
function showSubject({ title, delivery }: View, gate: View['gates'][number], { err, paint }: Terminal): void {
  err(`${paint.bold(title)}: ${gate.gate}, opening ${gate.generation}, due ${localTime(gate.due)}`);
  const { spec, release, evidence = [] } = delivery ?? {};
  if (spec) err(`  spec      version ${spec.version}  ${spec.digest}`);
  if (release) err(`  release   ${release.label}  ${release.digest}`);
  for (const { kind, met, digest } of evidence)
    err(`  evidence  ${kind}${met ? '' : ', NOT MET'}  ${digest}`);
  for (const { person, decision } of gate.decisions) err(`  decided   ${person}: ${decision}`);
  err(`  subject   ${gate.subject}`);
}

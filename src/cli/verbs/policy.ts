/** `policy …`: how the rules themselves are changed. */
import type { Command } from 'commander';
import { proposeModel, readProposal, runDry, sendToProposal } from '../client/policy.js';
import { UsageError } from '../client/problems.js';
import { showDryRun, showProposal } from '../terminal/show-policy.js';
import { modelNamed, readModelText } from '../written/model-file.js';
import { type CliContext, clientOf, printJson, sharedOptions } from './context.js';

interface PolicyOptions {
  readonly as?: string;
  readonly json?: boolean;
  readonly reason?: string;
  readonly comment?: string;
  readonly seat?: string;
}

/** The command that all of `policy …` belongs to; made where it is not there yet. */
export function policyCommand(program: Command): Command {
  const known = program.commands.find((command) => command.name() === 'policy');
  return (
    known ?? program.command('policy').description('Operating models: tested, proposed, decided, published')
  );
}

export function policyVerbs(program: Command, context: CliContext): void {
  const policy = policyCommand(program);
  const verb = (name: string, description: string): Command =>
    sharedOptions(policy.command(name).description(description));
  const versioned = (name: string, description: string): Command =>
    verb(name, description).argument('<name>', 'the model').argument('<version>', 'its version');

  verb('dry-run', 'What a file would change for every open lifecycle; nothing is proposed')
    .argument('<file>', 'an operating model, as the files of operating-models are')
    .action(async (file: string, options: PolicyOptions) => {
      const { name, version } = modelNamed(file);
      const api = await clientOf(context, options);
      const { answer, report } = await runDry(api, name, version, readModelText(file));
      if (options.json) printJson(context, answer.body);
      else showDryRun(report, context.terminal);
    });

  verb('propose', 'Propose a file as the next version, and run it dry: its gate opens on what that lists')
    .argument('<file>', 'an operating model, as the files of operating-models are')
    .option('--reason <text>', 'why the rules have to change')
    .action(async (file: string, options: PolicyOptions) => {
      const { reason } = options;
      if (reason === undefined) throw new UsageError('say why: --reason TEXT');
      const api = await clientOf(context, options);
      const { name, version } = (await proposeModel(api, { ...readModelText(file), reason })).proposal;
      const { answer, report, proposal } = await runDry(api, name, String(version), null);
      if (options.json) return printJson(context, answer.body);
      showDryRun(report, context.terminal);
      context.terminal.out('');
      if (proposal !== null) showProposal(proposal, context.terminal);
    });

  versioned('show', 'Where a proposed version stands').action(
    async (name: string, version: string, options: PolicyOptions) => {
      const { answer, proposal } = await readProposal(await clientOf(context, options), name, version);
      if (options.json) printJson(context, answer.body);
      else showProposal(proposal, context.terminal);
    },
  );

  versioned('decide', 'Answer at the gate of a proposed version')
    .argument('<decision>', 'approve, request-changes, reject, abstain or recuse')
    .option('-m, --comment <text>', 'for the others, and for whoever proposed it')
    .option('--seat <seat>', 'the seat to fill; left out, it is found by matching')
    .action(async (name: string, version: string, decision: string, options: PolicyOptions) => {
      const api = await clientOf(context, options);
      const { gate } = (await readProposal(api, name, version)).proposal;
      const { comment, seat } = options;
      const { generation = 1, subject = `sha256:${'0'.repeat(64)}` } = gate ?? {};
      context.terminal.err(`${name} ${version}, opening ${generation}, subject ${subject}`);
      const said = { ...(comment !== undefined && { comment }), ...(seat !== undefined && { seat }) };
      await send(api, name, version, 'decide', { generation, subject, decision, ...said }, options);
    });

  versioned('retract', 'Take back your answer while the gate is open').action(plain('retract-decision'));
  versioned('publish', 'Publish a version whose gate has passed').action(plain('publish'));
  versioned('withdraw', 'Withdraw a proposed version')
    .option('--reason <text>', 'why')
    .action(async (name: string, version: string, options: PolicyOptions) => {
      const { reason } = options;
      if (reason === undefined) throw new UsageError('say why: --reason TEXT');
      await send(await clientOf(context, options), name, version, 'withdraw', { reason }, options);
    });

  function plain(command: 'retract-decision' | 'publish') {
    return async (name: string, version: string, options: PolicyOptions) =>
      send(await clientOf(context, options), name, version, command, {}, options);
  }

  async function send(
    api: Awaited<ReturnType<typeof clientOf>>,
    name: string,
    version: string,
    command: Parameters<typeof sendToProposal>[3],
    body: object,
    { json }: PolicyOptions,
  ): Promise<void> {
    const { answer, proposal } = await sendToProposal(api, name, version, command, body);
    if (json) printJson(context, answer.body);
    else showProposal(proposal, context.terminal);
  }
}

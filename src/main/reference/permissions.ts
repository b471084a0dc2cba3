import { type About, ACTION_NAMES, actionRow } from '../../contracts/actions.js';
import { COMMAND_NAMES, COMMANDS } from '../../domain/commands/table.js';
import { STAGES } from '../../domain/vocabulary.js';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '-')), ...rows.map(line)].join('\n');
}

const ABOUT: { readonly [A in About]: string } = {
  lifecycle: 'one lifecycle',
  team: 'the team it names',
  teams: 'your teams only',
  policy: 'operating models',
  service: 'no team',
};

function actions(): string {
  const rows = ACTION_NAMES.map((name) => {
    const { method, path, about, who, trust, summary } = actionRow(name);
    const where = trust === undefined ? '' : ` Only under trust \`${trust}\`.`;
    const whom = who.includes('anybody') ? '**public**' : who.join(', ');
    return [`\`${name}\``, `${summary}.${where}`, `\`${method} ${path}\``, ABOUT[about], whom];
  });
  return table(['action', 'what it does', 'address', 'about', 'who'], rows);
}

/** Commands: a column for each stage, so that a row is read across. */
function commands(): string {
  const rows = COMMAND_NAMES.map((name) => {
    const { who, stages } = COMMANDS[name];
    const marks = STAGES.map((stage) => (stages.includes(stage) ? 'x' : ''));
    return [`\`${name}\``, [...new Set(who)].join(', '), ...marks];
  });
  return table(['command', 'who', ...STAGES], rows);
}

/** docs/reference/permissions.md: who may do what, in which stage, and how everybody else is answered. */
export function permissions(): string {
  return `# Who may do what

Generated from \`src/contracts/actions.ts\` and \`src/domain/commands/table.ts\` by \`npm run generate\`. Every route is made from
a row of these tables and stands behind one guard, live streams and exports included; a test asks for every row as
every role in every stage. A name in the first column is also what an API key can be limited to.

## The words

- \`anybody\`: also who is not signed in; such a row is public. \`person\`: every person who is signed in.
- \`member\`: people of the lifecycle's team, or of the team that the request names. A right, such as \`businessOwner\`,
  is its holder on that lifecycle; \`lead\` the team's; \`function:\` whoever holds the function in that team.
- \`machine\`: machines, of that team where the row is about one lifecycle. No other word covers a machine, whatever
  rights, functions or roles it was given: a machine never decides.
- \`auditor\`, \`policy-editor\` and \`administrator\` are roles, of no team. Where an action is about
  operating models, a function counts that is held in the policy team; about no team, one that is held in any.
- \`hold\` is also for the functions that the operating model lets hold in the tier (\`mayHold\`).

## Everybody else

- A lifecycle of other teams is answered with 404 \`not-found\`, word for word as one that does not exist; so is every
  document, version, cursor and position below it. That a key is taken is told to whoever wants to start one with it.
- A document opens in the lifecycle that it was brought to. Whoever writes its digest into another sees nothing by it.
- Whoever may see the lifecycle is told 403 \`not-permitted\`, and so is everybody where there is nothing to hide. A team
  that a request names is refused the same whether it exists or not.
- In a stage without an x the command is refused with 409 \`wrong-stage\`, and once it is retired with
  \`closed\`, whoever of the team sends it.
- A token that is limited to some names is refused everything else with 403, before anything is looked up.
- A stream is asked again with every heartbeat, and ends for whoever may no longer read.

Every denial is in the ledger, with who wanted what; callers whom nobody knows are counted, one entry a minute.

## Commands

What is to be read of a lifecycle is to be read in every stage, and for good.

${commands()}

## Everything else

${actions()}
`;
}

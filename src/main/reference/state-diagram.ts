import { COMMAND_NAMES, COMMANDS, type CommandRow } from '../../domain/commands/table.js';
import { type Cause, type Place, TRANSITIONS, type Transition } from '../../domain/lifecycle/transitions.js';
import { STAGES } from '../../domain/vocabulary.js';

const beside = (place: Place): boolean => place.startsWith('live/');
const idOf = (place: Place): string => place.replace('/', '_');

/** One transition for each pair of places, with everything that causes it. */
function merged(transitions: readonly Transition[]): Transition[] {
  const pairs = new Map<string, Transition>();
  for (const { from, to, by } of transitions) {
    const known = pairs.get(`${from} ${to}`)?.by ?? [];
    pairs.set(`${from} ${to}`, { from, to, by: [...known, ...by] });
  }
  return [...pairs.values()];
}

function arrows(transitions: readonly Transition[]): string[] {
  return merged(transitions).map(({ from, to, by }) => `  ${idOf(from)} --> ${idOf(to)} : ${by.join(', ')}`);
}

function mermaid(lines: readonly string[]): string {
  return ['```mermaid', 'stateDiagram-v2', ...lines, '```'].join('\n');
}

/** The way of a launch; a pilot skips it, and what happens beside a live release is the next diagram. */
function launchDiagram(): string {
  const launch = TRANSITIONS.filter(({ from, to }) => !beside(from) && !beside(to));
  const start = TRANSITIONS.filter(({ from, to }) => from === 'scoping' && beside(to));
  const toLive = start.map((each): Transition => ({ ...each, to: 'live' }));
  return mermaid(['  [*] --> scoping', ...arrows([...launch, ...toLive]), '  retired --> [*]']);
}

/** The way of a change; what leads out of every step alike is said in words below it. */
function changeDiagram(): string {
  const alike: readonly Cause[] = ['open-change', 'end-pilot', 'withdraw-change'];
  const change = TRANSITIONS.filter(({ from, to }) => beside(from) || (from === 'live' && beside(to))).map(
    (each) => (beside(each.from) ? { ...each, by: each.by.filter((cause) => !alike.includes(cause)) } : each),
  );
  const names = STAGES.map((step): Place => `live/${step}` as Place)
    .filter((place) => change.some(({ from, to }) => from === place || to === place))
    .map((place) => `  ${idOf(place)} : ${place.slice('live/'.length)} of a change`);
  return mermaid([...names, ...arrows(change.filter(({ by }) => by.length > 0))]);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => '-')), ...rows.map(row)].join('\n');
}

function stagesOf(stages: CommandRow<never>['stages']): string {
  const left = STAGES.filter((stage) => !stages.includes(stage));
  return left.length === 1 ? `all but ${left.join()}` : stages.join(', ');
}

function commandTable(): string {
  const rows = COMMAND_NAMES.map((name) => {
    const { summary, who, stages, stricter, signal } = COMMANDS[name];
    const strict = typeof stricter === 'function' ? 'unless it loosens something' : stricter ? 'yes' : '';
    return [
      `\`${name}\``,
      summary,
      [...new Set(who)].join(', '),
      stagesOf(stages),
      strict,
      signal ? 'yes' : '',
    ];
  });
  return table(['command', 'what it does', 'who', 'stages', 'only stricter', 'also a signal'], rows);
}

/** docs/reference/state-diagram.md: the map of the lifecycle and the table of commands. */
export function stateDiagram(): string {
  return `# Stages, deliveries, commands

Generated from \`src/domain/lifecycle/transitions.ts\` and \`src/domain/commands/table.ts\` by \`npm run generate\`.

Arrows carry what moves a lifecycle: a command by its name, or a gate with its outcome. \`review\` stands for every
exit of review: the gate \`launch\`, \`readiness\` or \`change\`, or \`start\` for the change of a pilot. \`lift-hold\` moves
only what was rolled back, to where its cause class says.

## A launch

${launchDiagram()}

## A change, beside what is live

The stage stays \`live\`, and the release that serves goes on serving. From every step before release
\`withdraw-change\` leads back to live; \`open-change\` with \`supersede\` begins another change in its place, after
rolling back what is exposed; \`end-pilot\` retires a pilot.

${changeDiagram()}

## Every move

${table(
  ['from', 'to', 'by'],
  merged(TRANSITIONS).map(({ from, to, by }) => [from, to, by.join(', ')]),
)}

## Commands

What is only stricter is accepted even while the ledger is far behind. What is also a signal needs no worker to be
durable. \`function:\` means anybody of that function in the team, \`member\` anybody of the team.

${commandTable()}
`;
}

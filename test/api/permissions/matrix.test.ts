/** Every route for every role in every stage, over the real app, against the tables and nothing else. */
import { expect, it } from 'vitest';
import { MATRIX, type MatrixRow, rowOf } from '../../../src/contracts/actions.js';
import { COMMAND_NAMES } from '../../../src/domain/commands/table.js';
import { rulesOf } from '../../../src/domain/lifecycle/rules.js';
import type { LifecycleView } from '../../../src/domain/lifecycle/view.js';
import { viewOf } from '../../../src/domain/lifecycle/view-of.js';
import { STAGES, type Stage } from '../../../src/domain/vocabulary.js';
import { type Answered, type AskingApi, actorOf, askingApi, verdictOf, verdictOfRefusal } from './asking.js';
import { expected, type Verdict } from './expectation.js';
import { ROLES, type Role, roleOf } from './roles.js';
import { keyOf } from './staged-lifecycles.js';

interface Cell {
  /** Also the id of its request. */
  readonly id: string;
  readonly row: MatrixRow;
  readonly role: Role;
  readonly stage: Stage | null;
  readonly key: string;
}

const CELLS: readonly Cell[] = MATRIX.flatMap((row) =>
  (row.about === 'lifecycle' ? STAGES : [null]).flatMap((stage) =>
    ROLES.map((role) => {
      const id = `${row.permission}.${role.name}.${stage ?? 'any'}`;
      return { id, row, role, stage, key: keyOf(stage ?? 'live') };
    }),
  ),
);
const AT_ONCE = 12;

type Says = (cell: Cell) => Verdict;

it('the matrix is what the API does and what the view says, and every denial is in the ledger', {
  timeout: 240_000,
}, async () => {
  const asking = await askingApi();
  const says: Says = ({ row, role, stage }) => {
    const state = stage && asking.stories.get(keyOf(stage))?.state;
    return expected(row, role, stage, (state && rulesOf(state)?.mayHold) ?? []);
  };
  const answers = await ask(asking);
  expect.soft(differences(says, ({ id, row }) => verdictOf(row, answers.get(id) as Answered))).toEqual([]);
  expect.soft(differences(inStage(says), told(asking), ofTheTeam(says))).toEqual([]);
  expect.soft(await unlike(asking, answers, says)).toEqual([]);
  await asking.api.close();
  expect.soft(unrecorded(asking, says)).toEqual([]);
  expect
    .soft(strangers(asking))
    .toEqual([CELLS.filter((cell) => says(cell) === 'unauthenticated').length, true]);

  const all = CELLS.map(says);
  const by = [...new Set(all)]
    .map((each) => `${all.filter((one) => one === each).length} ${each}`)
    .join(', ');
  const size = `${MATRIX.length} routes, ${ROLES.length} roles, ${STAGES.length} stages, ${CELLS.length} cells`;
  process.stdout.write(`permission matrix: ${size}: ${by}\n`);
});

async function ask({ ask }: AskingApi): Promise<ReadonlyMap<string, Answered>> {
  const answers = new Map<string, Answered>();
  const queue = [...CELLS];
  const worker = async (): Promise<void> => {
    for (let cell = queue.shift(); cell !== undefined; cell = queue.shift()) {
      answers.set(cell.id, await ask(cell.row, cell.role, cell.key, cell.id));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return answers;
}

function differences(says: Says, does: Says, of: (cell: Cell) => boolean = () => true): string[] {
  const wrong = CELLS.filter((cell) => of(cell) && does(cell) !== says(cell));
  return wrong.map((cell) => `${cell.id} is ${does(cell)}, and should be ${says(cell)}`);
}

const isCommand = ({ row }: Cell): boolean => COMMAND_NAMES.some((name) => name === row.permission);
const ofTheTeam =
  (says: Says) =>
  (cell: Cell): boolean =>
    isCommand(cell) && !['unseen', 'unauthenticated'].includes(says(cell));

/** What the guard says to machines and auditors whatever the stage is, the view says after the stage. */
const inStage =
  (says: Says): Says =>
  (cell) => {
    if (says(cell) !== 'denied' || cell.stage === null) return says(cell);
    if (cell.stage === 'retired') return 'closed';
    return cell.row.stages.includes(cell.stage) ? 'denied' : 'wrong-stage';
  };

/** What `allowedCommands` says, and for the rest the first reason. */
function told({ stories }: AskingApi): Says {
  const views = new Map<string, LifecycleView>();
  return ({ row, role, key }) => {
    const story = stories.get(key);
    const name = COMMAND_NAMES.find((each) => each === row.permission);
    if (story === undefined || name === undefined) return 'broken';
    const view = views.get(key + role.name) ?? viewOf(story.state, actorOf(role), story.now);
    views.set(key + role.name, view);
    return view.allowedCommands.includes(name) ? 'passes' : verdictOfRefusal(name, view.refused[name]?.[0]);
  };
}

/** Cells where somebody could tell what others have from what is not there. */
async function unlike(
  { ask }: AskingApi,
  answers: ReadonlyMap<string, Answered>,
  says: Says,
): Promise<string[]> {
  const { text } = await ask(rowOf('show'), roleOf('outsider'), 'nowhere', 'nowhere-1');
  const nothing = text.replaceAll(/nowhere-1|nowhere/g, '');
  return CELLS.filter((cell) => says(cell) === 'unseen')
    .filter(({ id, key }) => answers.get(id)?.text.replace(id, '').replaceAll(key, '') !== nothing)
    .map(({ id }) => id);
}

/** Denials that the ledger does not have, or not with who asked for what. */
function unrecorded({ ledger }: AskingApi, says: Says): string[] {
  const entries = new Map(ledger.entries.map((entry) => [entry.id, entry]));
  return CELLS.filter((cell) => ['denied', 'unseen'].includes(says(cell)))
    .filter(({ id, row, role, stage, key }) => {
      const entry = entries.get(`refusal/${id}`);
      const { action } = (entry?.data ?? {}) as { readonly action?: string };
      const about = stage === null ? null : key;
      return (
        entry?.type !== 'not-permitted' ||
        entry.by !== role.name ||
        entry.lifecycle !== about ||
        action !== row.permission
      );
    })
    .map(({ id }) => id);
}

/** How many denials of nobody the ledger counts, and whether it does so in few entries. */
function strangers({ ledger }: AskingApi): [number, boolean] {
  const counted = ledger.entries.filter(({ by, type }) => by === null && type === 'unauthenticated');
  const total = counted.reduce((sum, { data }) => sum + (data as { count: number }).count, 0);
  return [total, counted.length <= 6];
}

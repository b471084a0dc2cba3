import { Context } from '@temporalio/activity';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { ASKED_AFTER_AT_ONCE } from '../domain/lifecycle/doubt.js';
import type { PersonId } from '../domain/vocabulary.js';
import type { Directory } from '../ports/directory.js';
import type { Holding, Holdings } from '../ports/holdings.js';
import { askAfterSignal, lifecycleId } from '../workflows/messages.js';
import { absenceOf } from './approvers.js';
import type { Activities } from './types.js';

export interface AskAfterDependencies {
  readonly holdings: Holdings;
  readonly directory: Directory;
  /** Has a lifecycle ask after people by itself; one that is closed needs no telling. */
  readonly tell: (key: string, people: readonly PersonId[]) => Promise<void>;
}

const PAGE = 500;

/** Looks through a page of open lifecycles for holders whom the directory no longer finds, and tells each of theirs. */
export function createAskAfterHolders({
  holdings,
  directory,
  tell,
}: AskAfterDependencies): Pick<Activities, 'askAfterHolders'> {
  return {
    async askAfterHolders(after) {
      const page = await holdings.page(after ?? '', PAGE);
      const known = new Map<string, boolean>();
      const isGone = async (team: string, person: PersonId): Promise<boolean> => {
        const each = `${team}/${person}`;
        const gone = known.get(each) ?? (await absenceOf(directory, team, person)) !== null;
        known.set(each, gone);
        return gone;
      };
      let told = 0;
      for (const holding of page) {
        Context.current().heartbeat(holding.key);
        const gone = await goneOf(holding, isGone);
        if (gone.length === 0) continue;
        await tell(holding.key, gone);
        told += 1;
      }
      return { next: page.length < PAGE ? null : (page.at(-1)?.key ?? null), told };
    },
  };
}

async function goneOf(
  { team, holders }: Holding,
  isGone: (team: string, person: PersonId) => Promise<boolean>,
): Promise<PersonId[]> {
  const gone: PersonId[] = [];
  for (const person of holders) if (await isGone(team, person)) gone.push(person);
  return gone.slice(0, ASKED_AFTER_AT_ONCE);
}

/** Tells lifecycles by the signal `ask-after`. */
export function tellBy(client: Client): AskAfterDependencies['tell'] {
  return async (key, people) => {
    try {
      await client.workflow.getHandle(lifecycleId(key)).signal(askAfterSignal, { people });
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  };
}

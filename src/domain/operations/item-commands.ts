/**
 * The table of commands that an exception item takes, beside that of the lifecycle: their routes, OpenAPI operations,
 * command line verbs and permission rows all come from here. An item is a workflow of its own, so that however many
 * cases people review, the lifecycle's history does not grow.
 */
import type { CommandRow, Who } from '../commands/table.js';
import type { Digest } from '../digest.js';
import type { Actor } from '../lifecycle/actor.js';
import type { ItemSubject, ItemTerms } from './item.js';

export interface ItemPayloads {
  /** The terms come from the lifecycle, which the API asks. */
  'open-item': ItemSubject & { readonly item: string; readonly terms: ItemTerms };
  'decide-item': {
    readonly item: string;
    readonly action: Digest;
    readonly decision: 'approve' | 'deny';
    readonly reason: Digest;
  };
  'use-item': { readonly item: string; readonly action: Digest };
}
export type ItemCommandName = keyof ItemPayloads;

/** What a person or a machine asks of an item, with who asks. */
export type ItemCommand<N extends ItemCommandName = ItemCommandName> = {
  [K in N]: { readonly name: K; readonly actor: Actor; readonly payload: Readonly<ItemPayloads[K]> };
}[N];

type ItemCommandRow = Pick<CommandRow<never>, 'summary' | 'who' | 'stages'>;

/** Where something can be exposed, and so cases are. */
const EXPOSED = ['specification', 'implementation', 'review', 'release', 'live'] as const;
const ASKING: readonly Who[] = ['machine', 'member', 'businessOwner', 'technicalOwner', 'operatingOwner'];

export const ITEM_COMMANDS: { readonly [N in ItemCommandName]: ItemCommandRow } = {
  'open-item': { summary: 'Have a person review one case', who: ASKING, stages: EXPOSED },
  'decide-item': {
    summary: 'Approve or deny the action of a case in your queue',
    // Of them the queue's owner, its second line once it has the item, and those of its function.
    who: ['member'],
    stages: EXPOSED,
  },
  'use-item': {
    summary: 'Use the approval of an item, once, for the very action that was approved',
    who: ASKING,
    stages: EXPOSED,
  },
};

export const ITEM_COMMAND_NAMES = Object.keys(ITEM_COMMANDS) as ItemCommandName[];

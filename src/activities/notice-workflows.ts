/** The workflows that tell people, as the activities that begin them see them. */
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { encodeToPayloads } from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import type { PersonId } from '../domain/vocabulary.js';
import type { MessageItem } from '../ports/channel.js';
import type { Notifier, Telling } from '../ports/notifier.js';
import {
  DIGEST_WORKFLOW,
  type DigestInput,
  digestId,
  joinDigestSignal,
  MESSAGE_WORKFLOW,
  NOTICE_WORKFLOW,
  type NoticeInput,
  noticeId,
  type Patience,
} from '../workflows/messages/notices.js';
import { TASK_QUEUES } from '../workflows/messages.js';
import type { TellDependencies } from './tell.js';
import type { Activities } from './types.js';

/** What Temporal shows of a summary at most, in bytes. */
const SUMMARY_LENGTH = 400;

/** Begins one workflow for each notice and person, and gathers notices in the digest of a person. */
export function createNoticeWorkflows(
  client: Client,
  patience: Patience,
): Notifier & Pick<TellDependencies, 'join'> & Pick<Activities, 'beginMessage'> {
  const { workflowService } = client;
  const { namespace, loadedDataConverter, identity } = client.options;
  const payloadsOf = async (value: unknown) => ({
    payloads: (await encodeToPayloads(loadedDataConverter, value)) ?? [],
  });

  const begin = async (workflow: string, workflowId: string, input: NoticeInput): Promise<void> => {
    const { person, items } = input;
    const about = items.map(({ kind, gate }) => (gate === null ? kind : `${kind} for ${gate}`));
    try {
      await client.workflow.start(workflow, {
        workflowId,
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        taskQueue: TASK_QUEUES.notify,
        args: [input],
        staticSummary: `tell ${person}: ${[...new Set(about)].join(', ')}`.slice(0, SUMMARY_LENGTH),
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  };

  return {
    async deliver(telling) {
      await Promise.all(
        inputsOf(telling, patience).map(async (input) => {
          for (const { notice } of input.items)
            await begin(NOTICE_WORKFLOW, noticeId(notice, input.person), input);
        }),
      );
    },

    beginMessage: ({ id, ...input }) => begin(MESSAGE_WORKFLOW, id, input),

    async join(gathered, { person, team, patience: asked }) {
      const input: DigestInput = { person, team, patience: asked, gathered: [] };
      await workflowService.signalWithStartWorkflowExecution({
        namespace,
        identity,
        workflowId: digestId(person, team),
        workflowType: { name: DIGEST_WORKFLOW },
        taskQueue: { name: TASK_QUEUES.notify },
        input: await payloadsOf(input),
        signalName: joinDigestSignal.name,
        signalInput: await payloadsOf(gathered),
        // Asked twice because its answer was lost, it joins once.
        requestId: noticeId(gathered.item.notice, person),
      });
    },
  };
}

function inputsOf(telling: Telling, patience: Patience): NoticeInput[] {
  const { team = null, notices } = telling;
  return notices.flatMap((notice) =>
    notice.to.map((person) => ({ person, team, patience, items: [itemOf(telling, notice, person)] })),
  );
}

function itemOf(
  { lifecycle, title }: Telling,
  { id, kind, gate, seats = {}, due, dueLocal }: Telling['notices'][number],
  person: PersonId,
): MessageItem {
  const seat = seats[person] ?? [];
  return {
    lifecycle,
    title: title ?? null,
    notice: `${lifecycle}/${id}`,
    kind,
    gate,
    seats: seat,
    due,
    dueLocal: dueLocal ?? null,
  };
}

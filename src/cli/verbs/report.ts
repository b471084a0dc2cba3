import { commandAnswer } from '../../contracts/answers.js';
import { itemCommandAnswer } from '../../contracts/items.js';
import { lifecycleView } from '../../contracts/view.js';
import type { Answer } from '../client/api-client.js';
import { localTime } from '../terminal/instants.js';
import { showView } from '../terminal/show-view.js';
import { type CliContext, printJson } from './context.js';

/** Prints what an accepted command answered: the lifecycle as it is now, or that it will be carried out. */
export function reportAnswer(context: CliContext, answer: Answer, json: boolean | undefined): void {
  const { out, paint } = context.terminal;
  if (json) return printJson(context, answer.body);
  const item = itemCommandAnswer.safeParse(answer.body).data?.item;
  if (item !== undefined) {
    const until = item.until === null ? '' : `, to be used once, until ${localTime(item.until)}`;
    out(paint.good(`Item ${item.item} in queue ${item.queue}: ${item.status}${until}.`));
    return;
  }
  const accepted = commandAnswer.safeParse(answer.body).data;
  const view = accepted?.lifecycle ?? lifecycleView.safeParse(answer.body).data;
  if (view === undefined) {
    out(paint.good('Accepted: durable, and carried out as soon as a worker is there.'));
    return;
  }
  if (accepted !== undefined) {
    const { events, replayed } = accepted;
    out(paint.good(replayed ? 'Had been accepted before.' : `Accepted; ${events.length} events.`));
    out('');
  }
  showView(view, context.terminal, Date.now());
}

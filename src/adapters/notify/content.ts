import type { Notice } from '../../domain/lifecycle/state.js';
import type { Message, MessageItem } from '../../ports/channel.js';

/** Where people open a lifecycle. */
export type LinkOf = (lifecycle: string) => string;

const SAYS: { readonly [K in Notice['kind']]: string } = {
  reminder: 'still waits for your decision',
  escalation: 'is overdue or cannot go on, and was escalated to you',
  request: 'waits for your decision',
  reaffirm: 'has changed: decide again',
  information: 'was opened, for your information',
  hold: 'is on hold or frozen',
  handover: 'offers you a decision right: accept it',
};

const ESCALATED_NO_GATE = 'waits for somebody who cannot be reached, and was escalated to you';

/** One thing in a line: what waits, for which seat. */
export function headline({ kind, gate, seats, lifecycle }: MessageItem): string {
  const what = gate === null ? lifecycle : `${gate} of ${lifecycle}`;
  const says = kind === 'escalation' && gate === null ? ESCALATED_NO_GATE : SAYS[kind];
  return `${what} ${says}${seats.length > 0 ? ` (seat: ${seats.join(', ')})` : ''}`;
}

/** The message in a line. */
export function subjectOf({ items }: Message): string {
  const [first] = items;
  if (first === undefined || items.length > 1) return `${items.length} things wait for you`;
  return headline(first);
}

/** The message as plain text, its items one after the other. */
export function textOf({ items }: Message, linkOf: LinkOf): string {
  const parts = items.map((item) =>
    [
      headline(item),
      ...(item.title === null ? [] : [`  ${oneLine(item.title)}`]),
      ...(item.dueLocal === null ? [] : [`  due ${item.dueLocal}`]),
      `  ${linkOf(item.lifecycle)}`,
    ].join('\n'),
  );
  return `${parts.join('\n\n')}\n`;
}

/** A title cannot pretend to be more lines of the message. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

import type { Draft } from './draft.js';
import type { Notice } from './state.js';

/** Asks the notifier to tell people something; nobody to tell means nothing is raised. */
export function raiseNotice(draft: Draft, notice: Omit<Notice, 'id'>): void {
  if (notice.to.length === 0) return;
  const id = `n${draft.state.counters.notices + 1}`;
  draft.emit({ type: 'NoticeRaised', notice: { id, ...notice } });
}

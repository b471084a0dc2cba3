import type { Response } from 'express';
import type { LifecycleView } from '../domain/lifecycle/view.js';

/** Entity tag of a lifecycle: its version, quoted, and behind a plus how many events its record is behind. */
export function etagOf(view: Pick<LifecycleView, 'version'>, behind: number | null = 0): string {
  return behind ? `"${view.version}+${behind}"` : `"${view.version}"`;
}

/** Headers of an answer that shows a lifecycle to one person. */
export function viewHeaders(
  response: Response,
  view: Pick<LifecycleView, 'version'>,
  behind: number | null = 0,
): void {
  response.set('ETag', etagOf(view, behind)).set('Cache-Control', 'private, no-cache').vary('Authorization');
}

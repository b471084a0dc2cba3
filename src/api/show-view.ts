import type { Response } from 'express';
import type { LifecycleView } from '../domain/lifecycle/view.js';

/** Entity tag of a lifecycle: its version, quoted. */
export function etagOf({ version }: Pick<LifecycleView, 'version'>): string {
  return `"${version}"`;
}

/** Headers of an answer that shows a lifecycle to one person. */
export function viewHeaders(response: Response, view: Pick<LifecycleView, 'version'>): void {
  response.set('ETag', etagOf(view)).set('Cache-Control', 'private, no-cache').vary('Authorization');
}

import type { Response } from 'express';
import type { LifecycleView } from '../domain/lifecycle/view.js';
import { scopeProblem } from './authorize.js';

/** Entity tag of a lifecycle: its version, quoted, and behind a plus how many events its record is behind. */
export function etagOf(view: Pick<LifecycleView, 'version'>, behind: number | null = 0): string {
  return behind ? `"${view.version}+${behind}"` : `"${view.version}"`;
}

type Sendable = Pick<LifecycleView, 'allowedCommands'> & Partial<Pick<LifecycleView, 'refused'>>;

/** The view for a token that may be limited to some commands: no other is among those it is told it may send. */
export function withinScopes<V extends Sendable>(response: Response, view: V): V {
  const beyond = new Map(view.allowedCommands.map((name) => [name, scopeProblem(response, name)?.reasons]));
  const allowedCommands = view.allowedCommands.filter((name) => beyond.get(name) === undefined);
  if (allowedCommands.length === view.allowedCommands.length) return view;
  const others = [...beyond].filter(([, reasons]) => reasons !== undefined);
  const refused = view.refused && { ...view.refused, ...Object.fromEntries(others) };
  return { ...view, allowedCommands, ...(refused && { refused }) };
}

/** Headers of an answer that shows a lifecycle to one person. */
export function viewHeaders(
  response: Response,
  view: Pick<LifecycleView, 'version'>,
  behind: number | null = 0,
): void {
  response.set('ETag', etagOf(view, behind)).set('Cache-Control', 'private, no-cache').vary('Authorization');
}

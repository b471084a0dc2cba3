/** What tests of migrations share: a lifecycle, the next version of its rules, and both keys. */
import type { Difference } from '../../../src/domain/migration/difference.js';
import type { OperatingModel } from '../../../src/domain/policy.js';
import { answers } from './acts.js';
import { given, type Story } from './story.js';
import { tax } from './use-cases.js';
import { type VariantName, variantOf } from './variants.js';

export const START = '2026-11-16 10:00';
export const begin = () => given(tax(), START);

export const next = (story: Story, name: VariantName): OperatingModel => variantOf(story.state.model, name);
export const kinds = (differences: readonly Difference[]): string[] => differences.map(({ kind }) => kind);

export function keyGate(story: Story): string {
  const id = Object.keys(story.state.gates).find((name) => name.startsWith('two-key'));
  if (id === undefined) throw new Error('no act waits for its second key');
  return id;
}

/** Both keys: the technical owner's, then governance's. What happened is what the second key did. */
export function migrate(story: Story, model: OperatingModel): Story {
  story.when('accept-migration', { model }, 'hari').thenAccepted();
  return answers(story, keyGate(story), 'gita', 'approve').thenAccepted();
}

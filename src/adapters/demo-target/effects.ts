import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import { canonicalForm } from '../../domain/digest.js';
import type { AllocationRequest } from '../../ports/release-target.js';
import { JsonLines } from '../json-lines.js';
import { type AppliedEffect, effectForm } from '../target-protocol.js';

/** What became of a request, told from the journal and nothing else. */
export type Outcome =
  | { readonly kind: 'applied' | 'repeated'; readonly effect: AppliedEffect }
  | { readonly kind: 'stale'; readonly current: number }
  | { readonly kind: 'conflict' };

/** The effects a demo target has applied: a durable journal, looked up by effect key before anything is done. */
export class Effects {
  readonly #now: () => number;
  readonly #file: JsonLines;
  #applied: AppliedEffect[] = [];
  readonly #byKey = new Map<string, AppliedEffect>();
  readonly #current = new Map<string, AppliedEffect>();

  constructor(path: string, log: Pick<Logger, 'warn'>, now: () => number) {
    this.#now = now;
    const reset = () => {
      this.#applied = [];
      this.#byKey.clear();
      this.#current.clear();
    };
    const line = (text: string) => this.#remember(effectForm.parse(JSON.parse(text)));
    this.#file = new JsonLines(path, { reset, line }, log);
  }

  /** Resolves when the outcome is on disk; rejects when the journal cannot be written. */
  async apply(request: AllocationRequest): Promise<Outcome> {
    let outcome: Outcome = { kind: 'conflict' };
    await this.#file.append(() => {
      outcome = this.#decide(request);
      if (outcome.kind !== 'applied') return [];
      this.#remember(outcome.effect);
      return [canonicalForm(outcome.effect)];
    });
    return outcome;
  }

  /** What a lifecycle's traffic gets now. */
  async current(lifecycle: string): Promise<AppliedEffect | undefined> {
    await this.#file.append(() => []);
    return this.#current.get(lifecycle);
  }

  /** Everything applied, oldest first; of one lifecycle or of all. */
  async applied(lifecycle: string | undefined): Promise<readonly AppliedEffect[]> {
    await this.#file.append(() => []);
    return this.#applied.filter((effect) => lifecycle === undefined || effect.lifecycle === lifecycle);
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #decide(request: AllocationRequest): Outcome {
    const before = this.#byKey.get(request.effectKey);
    if (before !== undefined) {
      const same =
        before.lifecycle === request.lifecycle && isDeepStrictEqual(before.allocation, request.allocation);
      return same ? { kind: 'repeated', effect: before } : { kind: 'conflict' };
    }
    const current = this.#current.get(request.lifecycle)?.fence ?? Number.NEGATIVE_INFINITY;
    if (request.fence < current) return { kind: 'stale', current };
    return { kind: 'applied', effect: { ...request, appliedAt: this.#now() } };
  }

  #remember(effect: AppliedEffect): void {
    this.#applied.push(effect);
    this.#byKey.set(effect.effectKey, effect);
    this.#current.set(effect.lifecycle, effect);
  }
}

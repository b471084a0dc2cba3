import { Router } from 'express';
import { z } from 'zod';

/** A fault that was switched on: what happens, to whom, and how often before it is used up. */
export interface Fault<K extends string> {
  readonly kind: K;
  /** Absent: every lifecycle. */
  readonly lifecycle?: string | undefined;
  /** Absent: until the faults are cleared. */
  readonly times?: number | undefined;
  /** How long, for a fault that delays. */
  readonly ms?: number | undefined;
}

/**
 * Faults that a test or a drill switches on in a demo server over HTTP: `POST /faults`, `GET /faults`
 * (what is armed, and how often each kind fired: a fault that never fired proves nothing), `DELETE /faults`.
 */
export class FaultSwitches<const K extends string> {
  readonly #form;
  readonly #fired: Record<string, number> = {};
  #armed: { readonly fault: Fault<K>; left: number }[] = [];

  constructor(kinds: readonly [K, ...K[]]) {
    this.#form = z.strictObject({
      kind: z.enum(kinds),
      lifecycle: z.string().optional(),
      times: z.int().positive().optional(),
      ms: z.int().positive().optional(),
    });
  }

  /** Uses up the first armed fault of these kinds that concerns the lifecycle. */
  take(lifecycle: string, kinds: readonly K[]): Fault<K> | undefined {
    const hit = this.#armed.find(
      ({ fault }) => kinds.includes(fault.kind) && (fault.lifecycle ?? lifecycle) === lifecycle,
    );
    if (hit === undefined) return undefined;
    hit.left -= 1;
    this.#armed = this.#armed.filter(({ left }) => left > 0);
    this.#fired[hit.fault.kind] = (this.#fired[hit.fault.kind] ?? 0) + 1;
    return hit.fault;
  }

  router(): Router {
    const router = Router();
    const show = () => ({
      armed: this.#armed.map(({ fault, left }) => ({ ...fault, left })),
      fired: this.#fired,
    });
    router.get('/faults', (_request, response) => void response.json(show()));
    router.post('/faults', (request, response) => {
      const fault = this.#form.parse(request.body);
      this.#armed.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
      response.status(201).json(show());
    });
    router.delete('/faults', (_request, response) => {
      this.#armed = [];
      response.json(show());
    });
    return router;
  }
}

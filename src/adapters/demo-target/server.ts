import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Router } from 'express';
import type { Logger } from 'pino';
import type { DemoServer } from '../demo-server.js';
import { FaultSwitches } from '../fault-switches.js';
import { applyForm } from '../target-protocol.js';
import { Effects } from './effects.js';

/**
 * A release target for development and tests. It routes no traffic, but keeps every promise of the port:
 * one effect by key, lower fences refused, state on disk before it answers.
 *
 * Faults: `sick` says so when asked for its health. On `PUT …/allocation` only: `fail` answers 500 and applies nothing,
 * `hang` never answers and applies nothing, `drop-reply` applies and then breaks the connection, `slow` waits first and
 * applies even if its caller has gone, as a real target might.
 */
export async function openDemoTarget(
  folder: string,
  log: Pick<Logger, 'warn'>,
  now: () => number = Date.now,
): Promise<DemoServer> {
  await mkdir(folder, { recursive: true });
  const effects = new Effects(join(folder, 'effects.jsonl'), log, now);
  const faults = new FaultSwitches(['drop-reply', 'hang', 'fail', 'slow', 'sick']);
  const router = Router();
  router.use(faults.router());

  router.put('/lifecycles/:key/allocation', async (request, response) => {
    const lifecycle = request.params.key;
    const wanted = applyForm.parse(request.body);
    const slow = faults.take(lifecycle, ['slow']);
    if (slow?.ms !== undefined) await sleep(slow.ms);
    const fault = faults.take(lifecycle, ['hang', 'fail', 'drop-reply'])?.kind;
    if (fault === 'hang') return;
    if (fault === 'fail') {
      response.status(500).json({ code: 'fault', message: 'failed as told by POST /faults' });
      return;
    }
    const outcome = await effects.apply({ ...wanted, lifecycle });
    if (fault === 'drop-reply') {
      request.socket.destroy();
      return;
    }
    switch (outcome.kind) {
      case 'applied':
      case 'repeated':
        response.json({ ...outcome.effect, outcome: outcome.kind });
        return;
      case 'stale':
        response.status(409).json({ code: 'stale-fence', current: outcome.current });
        return;
      case 'conflict':
        response
          .status(422)
          .json({ code: 'effect-conflict', message: 'the effect key has another allocation' });
        return;
      default: {
        const unknown: never = outcome;
        throw new TypeError(`unknown outcome ${JSON.stringify(unknown)}`);
      }
    }
  });

  router.get('/lifecycles/:key', async (request, response) => {
    const effect = await effects.current(request.params.key);
    if (effect === undefined) response.status(404).json({ code: 'nothing-applied' });
    else response.json(effect);
  });

  router.get('/lifecycles/:key/health', async (request, response) => {
    const lifecycle = request.params.key;
    const sick = faults.take(lifecycle, ['sick']);
    const effect = await effects.current(lifecycle);
    response.json({
      ok: sick === undefined,
      detail: sick ? 'sick as told by POST /faults' : `${lifecycle} is at fence ${effect?.fence ?? 'none'}`,
    });
  });

  router.get('/journal', async (request, response) => {
    const { lifecycle } = request.query;
    response.json({ entries: await effects.applied(typeof lifecycle === 'string' ? lifecycle : undefined) });
  });

  return { router, close: () => effects.close() };
}

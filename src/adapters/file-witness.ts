import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import { z } from 'zod';
import { canonicalForm } from '../domain/digest.js';
import { type Witness, WitnessConflict, WitnessUnavailable } from '../ports/witness.js';
import { JsonLines } from './json-lines.js';
import { reason } from './system-error.js';

const lineForm = z.object({ checkpoint: z.looseObject({ number: z.int().positive() }) });

/**
 * Appends each checkpoint to a file, a JSON line each, synced. Worth as much as the ground the file is on: put it
 * where whoever can write the database cannot. Opened anew each time, so that several workers can share it.
 */
export function createFileWitness(path: string, log: Pick<Logger, 'warn'>): Witness {
  const append = async (number: number, checkpoint: string, line: string): Promise<void> => {
    await mkdir(dirname(path), { recursive: true });
    const kept = new Map<number, string>();
    const replay = {
      reset: () => kept.clear(),
      line: (text: string) => {
        const there = lineForm.parse(JSON.parse(text)).checkpoint;
        kept.set(there.number, canonicalForm(there as Parameters<typeof canonicalForm>[0]));
      },
    };
    const file = new JsonLines(path, replay, log);
    try {
      await file.append(() => {
        const there = kept.get(number);
        if (there !== undefined && there !== checkpoint) throw new WitnessConflict(number);
        return there === undefined ? [line] : [];
      });
    } finally {
      await file.close();
    }
  };

  return {
    async publish(signed) {
      try {
        const { checkpoint } = signed;
        await append(checkpoint.number, canonicalForm(checkpoint), canonicalForm(signed));
      } catch (cause) {
        if (cause instanceof WitnessConflict) throw cause;
        throw new WitnessUnavailable(`the witness file cannot be written: ${reason(cause)}`, { cause });
      }
    },
  };
}

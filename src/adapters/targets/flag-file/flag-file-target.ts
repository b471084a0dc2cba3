import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { EffectRefused, type ReleaseTarget, TargetUnavailable } from '../../../ports/release-target.js';
import { writeAtomically } from '../../atomic-file.js';
import { reason, systemCode } from '../../system-error.js';
import { allocationForm } from '../../target-protocol.js';
import { lockForWriting } from '../../writer-lock.js';
import { healthFrom, standsAt } from '../asking.js';
import { createTurns } from '../in-turn.js';
import { isRepetition, nameFor, plain, requirePossible } from '../promises.js';
import { type FlagRecord, flagsOf } from './flags.js';

export interface FlagFileTargetOptions {
  /** `$lifecycle` in it makes a file for each; its folder has to exist. */
  readonly path: string;
  /** Name of the flag, with `$lifecycle` for the key. */
  readonly flag: string;
  readonly now?: () => number;
}

/** A file of flagd's form, of which only our flags matter: what else is in it is somebody else's and stays. */
const fileForm = z.looseObject({ flags: z.record(z.string(), z.json()).default({}) });
type FlagFile = z.infer<typeof fileForm>;

const recordForm = z.object({
  metadata: z.object({
    lifecycle: z.string(),
    effectKey: z.string(),
    fence: z.int(),
    appliedAt: z.number(),
    allocation: z.string().transform((text) => allocationForm.parse(JSON.parse(text))),
  }),
});

/**
 * Exposure as flags in a file that flagd, or an OpenFeature provider in process, reads. Each file is replaced as a whole
 * by one writer at a time, so that no reader sees half of an allocation. All its writers are on one machine.
 */
export function createFlagFileTarget(options: FlagFileTargetOptions): ReleaseTarget {
  const { path, flag, now = Date.now } = options;
  const inTurn = createTurns();
  const fileOf = (lifecycle: string): string =>
    resolve(path.replaceAll('$lifecycle', () => plain(lifecycle)));

  const target: ReleaseTarget = {
    async apply(request, signal) {
      signal.throwIfAborted();
      requirePossible(request);
      const file = fileOf(request.lifecycle);
      const name = nameFor(flag, request.lifecycle);
      await inTurn(file, () =>
        locked(file, async () => {
          const content = await contentOf(file);
          const last = recordOf(file, content, name);
          requireOwn(name, last, request.lifecycle);
          const repeated = isRepetition(request, last);
          if (repeated && last && stands(content, name, last)) return;
          const { lifecycle, effectKey, fence, allocation } = request;
          // A repetition that finds the flags changed by hand puts them back, and is the effect that it was.
          const record =
            repeated && last ? last : { lifecycle, effectKey, fence, allocation, appliedAt: now() };
          const flags = { ...content.flags, ...flagsOf(name, record) };
          signal.throwIfAborted();
          await writeAtomically(file, `${JSON.stringify({ ...content, flags }, null, 2)}\n`);
        }),
      );
    },

    async read(lifecycle, signal) {
      signal?.throwIfAborted();
      const file = fileOf(lifecycle);
      const name = nameFor(flag, lifecycle);
      const content = await orUnavailable(file, () => contentOf(file));
      const last = recordOf(file, content, name);
      if (last?.lifecycle !== lifecycle) return undefined;
      if (stands(content, name, last)) {
        const { fence, allocation, appliedAt } = last;
        return { fence, allocation, appliedAt };
      }
      throw new TargetUnavailable(`${file}: the flags ${name}… are not what ${last.effectKey} made them`);
    },

    health: (lifecycle, signal) =>
      healthFrom(async () => standsAt(lifecycle, (await target.read(lifecycle, signal))?.fence), signal),
  };
  return target;
}

/** Two lifecycles under one flag would take each other's exposure. */
function requireOwn(name: string, last: FlagRecord | undefined, lifecycle: string): void {
  if (last === undefined || last.lifecycle === lifecycle) return;
  const whose = `the flag ${name} belongs to ${last.lifecycle}`;
  throw new EffectRefused(`${whose}: put $lifecycle into flag or path of the targets file`);
}

async function locked(file: string, run: () => Promise<void>): Promise<void> {
  const lock = await orUnavailable(file, () => lockForWriting(file));
  try {
    await orUnavailable(file, run);
  } finally {
    await lock.release().catch(() => undefined);
  }
}

async function orUnavailable<R>(file: string, run: () => Promise<R>): Promise<R> {
  try {
    return await run();
  } catch (error) {
    if (systemCode(error) === 'ENOENT')
      throw new TargetUnavailable(`the folder of ${file} is not there: make it, or mount it`, {
        cause: error,
      });
    // Errors of the system and of the lock; those of the port say what they mean already.
    const ofSystem = error instanceof Error && ('syscall' in error || error.name === 'FileLocked');
    if (ofSystem) throw new TargetUnavailable(reason(error), { cause: error });
    throw error;
  }
}

async function contentOf(file: string): Promise<FlagFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    // A folder that is gone is no empty target: it may be a volume that is not mounted.
    await stat(dirname(file));
    return { flags: {} };
  }
  try {
    return fileForm.parse(JSON.parse(text));
  } catch (cause) {
    throw new TargetUnavailable(`${file} is no file of flags: mend it, it is not written over`, { cause });
  }
}

function recordOf(file: string, { flags }: FlagFile, name: string): FlagRecord | undefined {
  if (flags[name] === undefined) return undefined;
  try {
    return recordForm.parse(flags[name]).metadata;
  } catch (cause) {
    const what = `${file}: the flag ${name} does not say which effect made it`;
    throw new TargetUnavailable(`${what}: restore it, or remove it to begin anew`, { cause });
  }
}

function stands({ flags }: FlagFile, name: string, record: FlagRecord): boolean {
  return Object.entries(flagsOf(name, record)).every(([each, flag]) => isDeepStrictEqual(flags[each], flag));
}

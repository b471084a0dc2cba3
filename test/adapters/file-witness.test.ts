import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { createFileWitness } from '../../src/adapters/file-witness.js';
import { WitnessConflict, WitnessUnavailable } from '../../src/ports/witness.js';
import { temporaryFolder } from '../ports/temporary-folder.js';
import { checkpointOf } from './checkpoint-of.js';

const { signal } = new AbortController();
const silent = { warn: () => undefined };

async function witnessFile() {
  const path = join(await temporaryFolder(), 'witness', 'checkpoints.jsonl');
  const read = async () =>
    (await readFile(path, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  return { path, read, witness: createFileWitness(path, silent) };
}

it('keeps each checkpoint as a line, once however often it comes', async () => {
  const { witness, read } = await witnessFile();
  for (const number of [1, 2, 2, 1, 3]) await witness.publish(checkpointOf(number), signal);
  expect(await read()).toEqual([1, 2, 3].map((number) => checkpointOf(number)));
});

it('refuses another checkpoint under the same number, also after a restart', async () => {
  const { path, witness, read } = await witnessFile();
  await witness.publish(checkpointOf(1), signal);
  await expect(witness.publish(checkpointOf(1, 'ff'), signal)).rejects.toThrow(WitnessConflict);
  const again = createFileWitness(path, silent);
  await expect(again.publish(checkpointOf(1, 'ff'), signal)).rejects.toThrow(/another checkpoint 1/);
  expect(await read()).toEqual([checkpointOf(1)]);
});

it('takes the same checkpoint signed by a key more as the same', async () => {
  const { witness, read } = await witnessFile();
  const signed = checkpointOf(1);
  await witness.publish(signed, signal);
  await witness.publish({ ...signed, signatures: [...signed.signatures, ...signed.signatures] }, signal);
  expect(await read()).toEqual([signed]);
});

it('cuts off what a crash left unfinished, and goes on', async () => {
  const { path, witness, read } = await witnessFile();
  await witness.publish(checkpointOf(1), signal);
  await appendFile(path, '{"checkpoint":{"num');
  await witness.publish(checkpointOf(2), signal);
  expect(await read()).toEqual([checkpointOf(1), checkpointOf(2)]);
});

it('says that it cannot be written where it cannot', async () => {
  const { path, witness } = await witnessFile();
  await mkdir(dirname(path), { recursive: true });
  await mkdir(path);
  await expect(witness.publish(checkpointOf(1), signal)).rejects.toThrow(WitnessUnavailable);
});

import { expect, it } from 'vitest';
import { createWitnessing } from '../../../src/ledger/anchors/witnessing.js';
import type { SignedCheckpoint } from '../../../src/ledger/verify/checkpoint.js';
import { type Witness, WitnessUnavailable } from '../../../src/ports/witness.js';
import { event } from '../../ports/ledger-entries.js';
import { openSealing } from './sealing.js';

const { signal } = new AbortController();

/** Takes checkpoints until it is to break. */
class Fickle implements Witness {
  readonly taken: SignedCheckpoint[] = [];
  breaksAfter = Number.POSITIVE_INFINITY;

  async publish(signed: SignedCheckpoint): Promise<void> {
    if (this.taken.length >= this.breaksAfter) throw new WitnessUnavailable('away');
    this.taken.push(signed);
  }
}

it('hands over what a witness missed, in order, each once, from where it broke off', async () => {
  const sealing = await openSealing();
  const witness = new Fickle();
  const other = new Fickle();
  const witnessing = createWitnessing(sealing.app, { fickle: witness, other });
  const heard: number[] = [];
  const publish = (name: string) => witnessing.publish(name, signal, (number) => heard.push(number));
  for (let seq = 1; seq <= 5; seq++) {
    await sealing.ledger.append([event('a', seq)]);
    await sealing.sealer.seal();
  }
  const all = await sealing.checkpoints();

  witness.breaksAfter = 2;
  await expect(publish('fickle')).rejects.toThrow(WitnessUnavailable);
  expect(witness.taken).toEqual(all.slice(0, 2));
  witness.breaksAfter = Number.POSITIVE_INFINITY;
  expect(await publish('fickle')).toBe(3);
  expect(witness.taken).toEqual(all);
  expect(heard).toEqual([1, 2, 3, 4, 5]);

  expect(await publish('fickle')).toBe(0);
  expect(await publish('other')).toBe(5);
  expect(other.taken).toEqual(all);
  await expect(publish('stranger')).rejects.toThrow(/no witness "stranger"/);
});

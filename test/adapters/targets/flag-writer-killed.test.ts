import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createFlagFileTarget } from '../../../src/adapters/targets/flag-file/flag-file-target.js';
import { killAndWait, nextMessage, startModule } from '../../ports/child-process.js';
import { temporaryFolder } from '../../ports/temporary-folder.js';
import { exposed, noSignal, request } from './conformance/requests.js';

const WRITER = new URL('flag-writer.ts', import.meta.url);
const KILLS = 4;

it('a file of flags is whole whenever its writer is killed, and the next writer goes on from there', async () => {
  const file = join(await temporaryFolder(), 'flags.json');
  const theirs = { state: 'ENABLED', variants: { on: true }, defaultVariant: 'on' };
  await writeFile(file, JSON.stringify({ flags: { banner: theirs } }));
  const target = createFlagFileTarget({ path: file, flag: 'airworthy-$lifecycle' });
  let before = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const writer = startModule(WRITER, [], { ...process.env, FLAG_FILE: file });
    let told = 0;
    writer.on('message', (message) => {
      told = (message as { fence: number }).fence;
    });
    await nextMessage(writer);
    await sleep(17 * (kill + 1));
    await killAndWait(writer);

    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ flags: { banner: theirs } });
    const { fence = 0, allocation } = (await target.read('kyc')) ?? {};
    expect(fence).toBeGreaterThanOrEqual(told);
    expect(fence).toBeGreaterThan(before);
    expect(allocation).toEqual(exposed(fence % 100));
    before = fence;
  }
  await target.apply(request('kyc', before + 1, 3), noSignal());
  expect(await target.read('kyc')).toMatchObject({ fence: before + 1 });
});

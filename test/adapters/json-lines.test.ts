import { type FileHandle, mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { JsonLines } from '../../src/adapters/json-lines.js';
import { temporaryFolder } from '../ports/temporary-folder.js';

const log = { warn: vi.fn() };

/** A file whose memory is the list of its lines. */
function linesOf(path: string) {
  const memory: string[] = [];
  const file = new JsonLines(
    path,
    { reset: () => memory.splice(0), line: (line) => void memory.push(line) },
    log,
  );
  onTestFinished(() => file.close());
  const append = (line: string): Promise<void> =>
    file.append(() => {
      memory.push(line);
      return [line];
    });
  return { file, memory, append };
}

async function fileHandles(): Promise<FileHandle> {
  const handle = await open('/dev/null');
  await handle.close();
  return Object.getPrototypeOf(handle);
}

describe('group commit', () => {
  it('shares one sync among the appends that arrive while the last one runs', async () => {
    const path = join(await temporaryFolder(), 'lines');
    const { append } = linesOf(path);
    await append('first');
    const sync = vi.spyOn(await fileHandles(), 'datasync');
    onTestFinished(() => sync.mockRestore());
    await Promise.all(Array.from({ length: 500 }, (_, i) => append(`line ${i}`)));
    expect(sync.mock.calls.length).toBeLessThanOrEqual(3);
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines).toEqual(['first', ...Array.from({ length: 500 }, (_, i) => `line ${i}`)]);
  });

  it('acknowledges nothing before it is synced, not even a call that adds no line', async () => {
    const { append, file } = linesOf(join(await temporaryFolder(), 'lines'));
    await append('first');
    const order: string[] = [];
    const { promise: released, resolve: release } = promiseWithResolve();
    const sync = vi.spyOn(await fileHandles(), 'datasync').mockImplementationOnce(() => released);
    onTestFinished(() => sync.mockRestore());
    const writing = append('second').then(() => order.push('second'));
    await vi.waitFor(() => expect(sync).toHaveBeenCalled());
    const waiting = file.append(() => []).then(() => order.push('barrier'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(order).toEqual([]);
    release();
    await Promise.all([writing, waiting]);
    expect(order).toEqual(['second', 'barrier']);
  });
});

describe('a sync that fails', () => {
  it('rejects all that waited, takes the lines back, and the next append starts from the file', async () => {
    const path = join(await temporaryFolder(), 'lines');
    const { append, memory } = linesOf(path);
    await append('kept');
    const sync = vi.spyOn(await fileHandles(), 'datasync').mockRejectedValueOnce(new Error('no space left'));
    onTestFinished(() => sync.mockRestore());
    const results = await Promise.allSettled([append('lost 1'), append('lost 2')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await append('later');
    expect(memory).toEqual(['kept', 'later']);
    expect(await readFile(path, 'utf8')).toBe('kept\nlater\n');
  });

  it('leaves nobody waiting, nor with the wrong file, who appends in that very moment', async () => {
    const path = join(await temporaryFolder(), 'lines');
    const { append, memory } = linesOf(path);
    await append('kept');
    const calls: Promise<string>[] = [];
    const sync = vi.spyOn(await fileHandles(), 'datasync').mockImplementationOnce(async () => {
      // One append in each of the turns in which the failure makes its way up.
      let turn = Promise.resolve();
      for (let n = 0; n < 20; n++) {
        turn = turn.then(() => {
          const call = append(`turn ${n}`);
          calls.push(call.then(() => 'stored').catch((error: Error) => error.message));
        });
      }
      throw new Error('no space left');
    });
    onTestFinished(() => sync.mockRestore());
    await expect(append('lost')).rejects.toThrow('no space left');
    await append('later');
    const outcomes = await Promise.all(calls);
    expect(new Set(outcomes)).toEqual(new Set(['no space left', 'stored']));
    expect(memory).toHaveLength(2 + outcomes.filter((outcome) => outcome === 'stored').length);
    expect(await readFile(path, 'utf8')).toBe(`${memory.join('\n')}\n`);
  });
});

describe('a stage that throws', () => {
  it('rejects its own call and writes nothing for it', async () => {
    const path = join(await temporaryFolder(), 'lines');
    const { append, file } = linesOf(path);
    const refused = file.append(() => {
      throw new Error('conflict');
    });
    const other = append('fine');
    await expect(refused).rejects.toThrow('conflict');
    await other;
    expect(await readFile(path, 'utf8')).toBe('fine\n');
  });
});

describe('a file that was moved away', () => {
  it('is not written to any more, nor made anew in a folder that is gone', async () => {
    const folder = join(await temporaryFolder(), 'home');
    await mkdir(folder);
    const { append } = linesOf(join(folder, 'lines'));
    await append('before');
    await rename(folder, `${folder}-away`);
    await expect(append('lost')).rejects.toThrow(/ENOENT/);
    await expect(append('lost')).rejects.toThrow(/ENOENT/);
    expect(await readFile(join(`${folder}-away`, 'lines'), 'utf8')).toBe('before\n');
  });

  it('gives its place to another file only when that was read', async () => {
    const path = join(await temporaryFolder(), 'lines');
    const { append, memory } = linesOf(path);
    await append('before');
    await rename(path, `${path}.old`);
    await writeFile(path, 'restored\n');
    await expect(append('lost')).rejects.toThrow(/another file now/);
    await append('after');
    expect(memory).toEqual(['restored', 'after']);
    expect(await readFile(`${path}.old`, 'utf8')).toBe('before\n');
  });
});

describe('closing', () => {
  it('waits for what is queued and refuses more', async () => {
    const path = join(await temporaryFolder(), 'lines');
    const { append, file } = linesOf(path);
    const queued = Promise.all([append('a'), append('b')]);
    await append('c');
    await file.close();
    await queued;
    await expect(append('d')).rejects.toThrow('was closed');
    expect(await readFile(path, 'utf8')).toBe('a\nb\nc\n');
  });

  it('reads lines longer than a block, and text beyond ASCII, whole', async () => {
    const path = join(await temporaryFolder(), 'lines');
    const long = '€'.repeat(900_000);
    const first = linesOf(path);
    await first.append(long);
    await first.append('दूसरा');
    await first.file.close();
    const second = linesOf(path);
    await second.append('third');
    expect(second.memory).toEqual([long, 'दूसरा', 'third']);
  });
});

function promiseWithResolve(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

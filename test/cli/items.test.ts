import { expect, it } from 'vitest';
import { EXIT } from '../../src/contracts/problem.js';
import { digestOf } from '../../src/domain/digest.js';
import { exposePilot } from '../api/exposed-pilot.js';
import { PILOT } from '../api/running-api.js';
import { runningCli } from './running-cli.js';

const ACTION = digestOf({ send: 'minutes of Monday' });
const OTHER = digestOf({ send: 'minutes of Tuesday' });

async function started() {
  const cli = await runningCli();
  await exposePilot(cli.api);
  const item = ['--item', 'a', '--action', ACTION];
  const call = (verb: string, as: string, ...more: readonly string[]) =>
    cli.call(verb, PILOT.key, '--as', as, ...more);
  const opened = await call('open-item', 'ravi', ...item, '--case', 'case-1');
  return { ...cli, call, item, opened, cli: cli.call };
}

it('opens, lists, decides and uses an item by verbs that come from the table of its commands', async () => {
  const { call, cli, item, opened } = await started();
  expect(opened).toMatchObject({ exit: EXIT.done, out: 'Item a in queue default: waiting.\n' });
  const [head, line] = (await call('items', 'ravi')).out.split('\n');
  expect(head).toMatch(/^ITEM +QUEUE +STATUS +DUE +CASE +BY$/);
  expect(line).toMatch(/^a +default +waiting +20.*\(in .*\) +case-1 +–$/);
  const inbox = await cli('inbox', '--as', 'priya');
  expect(inbox.out).toMatch(/meeting-notes +queue:default +decide item a/);
  expect(inbox.err).toContain(`airworthy decide-item ${PILOT.key} --help`);
  expect((await cli('portfolio', '--as', 'ravi', '--json')).out).toContain('"items": {');
  const decided = await call(
    'decide-item',
    'priya',
    ...item,
    '--decision',
    'approve',
    '--reason',
    'All were there.',
  );
  expect(decided.out).toMatch(/^Item a in queue default: approved, to be used once, until 20/);
  const differs = await call('use-item', 'ravi', '--item', 'a', '--action', OTHER);
  expect(differs).toMatchObject({ exit: EXIT.refused, err: expect.stringContaining('action-differs') });
  expect((await call('use-item', 'ravi', ...item)).out).toBe('Item a in queue default: used.\n');
  expect((await call('use-item', 'ravi', ...item)).exit).toBe(EXIT.refused);
  const timeline = (await call('timeline', 'ravi')).out;
  expect(timeline).toMatch(/ravi +ItemOpened a default case-1\n/);
  expect(timeline).toMatch(/priya +ItemApproved a\n/);
  expect((await call('items', 'ravi', '--json', '--status', 'used')).out).toContain('"decidedBy": "priya"');
});

it('says that nothing is like that, and which statuses there are', async () => {
  const { call } = await started();
  expect((await call('items', 'ravi', '--late')).err).toBe(`No case of ${PILOT.key} is like that.\n`);
  expect(await call('items', 'ravi', '--status', 'gone')).toMatchObject({
    exit: EXIT.usage,
    err: expect.stringContaining('second-line'),
  });
});

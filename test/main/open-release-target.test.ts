import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readEnvironment } from '../../src/main/environment.js';
import { openReleaseTarget } from '../../src/main/open-release-target.js';
import { OperatorError } from '../../src/main/operator-error.js';
import { noSignal, request } from '../adapters/targets/conformance/requests.js';
import { temporaryFolder } from '../ports/temporary-folder.js';

const opened = (settings: Record<string, string>, variables: Record<string, string> = {}) =>
  openReleaseTarget(readEnvironment(settings), variables);

it('is the one of the file where there is a file, with secrets from the variables', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'targets.yaml');
  await writeFile(
    path,
    `
targets:
  - {id: flags, kind: flag-file, path: flags.json}
  - {id: deployer, kind: webhook, url: "http://127.0.0.1:9/", secrets: [{env: DEPLOYER_SECRET}]}
routes: [{lifecycles: [kyc], apply: [flags]}, {lifecycles: ["*"], apply: [deployer]}]
`,
  );
  const settings = { AIRWORTHY_TARGETS: path, AIRWORTHY_TARGET_URL: 'http://127.0.0.1:9/target' };
  const target = await opened(settings, { DEPLOYER_SECRET: 'whsec_AAAA' });
  await target.apply(request('kyc', 1, 10), noSignal());
  expect(await target.read('kyc')).toMatchObject({ fence: 1 });
  await expect(opened(settings)).rejects.toThrow(
    /^AIRWORTHY_TARGETS=.*targets.yaml: the variable DEPLOYER_SECRET is not set/,
  );
});

it('is the one of the address otherwise', async () => {
  const target = await opened({ AIRWORTHY_TARGET_URL: 'http://127.0.0.1:9/target' });
  expect(await target.health('kyc')).toMatchObject({
    ok: false,
    detail: expect.stringContaining('127.0.0.1:9'),
  });
});

it.each([
  [{}, /^AIRWORTHY_TARGETS and AIRWORTHY_TARGET_URL are not set: name where/],
  [{ AIRWORTHY_TARGETS: 'nowhere/targets.yaml' }, /^AIRWORTHY_TARGETS=.*nowhere.*ENOENT/],
])('is none with %o, which is said at start', async (settings, sentence) => {
  const opening = opened(settings);
  await expect(opening).rejects.toThrow(OperatorError);
  await expect(opening).rejects.toThrow(sentence);
});

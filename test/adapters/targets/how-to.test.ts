import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createOwnEgress } from '../../../src/adapters/egress/own-egress.js';
import { createWebhookTarget } from '../../../src/adapters/targets/webhook-target.js';
import { parseForm } from '../../../src/contracts/form.js';
import { releaseTargetsForm } from '../../../src/contracts/release-targets.js';
import { readYaml } from '../../../src/contracts/yaml-source.js';
import { inCheckout } from '../../../src/main/checkout.js';
import { temporaryFolder } from '../../ports/temporary-folder.js';
import { describeReleaseTarget } from './conformance/promises.js';

const SECRET = `whsec_${Buffer.from('a secret of twenty-four.').toString('base64')}`;
const howTo = readFileSync(inCheckout('docs', 'howto', 'release-targets.md'), 'utf8');

function block(language: string): string {
  const [, code] = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(howTo) ?? [];
  expect(code).toBeDefined();
  return code ?? '';
}

it('the targets file of the how-to is one', () => {
  const yaml = readYaml('targets.yaml', block('yaml'));
  expect(yaml.ok && parseForm(releaseTargetsForm, yaml.source.value)).toMatchObject({
    ok: true,
    value: { targets: [{ id: 'registry' }, { id: 'flags' }, { id: 'deployer' }] },
  });
});

/** The receiver as it stands in the how-to, as a process of its own; answers its address. */
async function startReceiver(): Promise<string> {
  const folder = await temporaryFolder();
  await symlink(inCheckout('node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'deployer.mjs'), block('js'));
  const child = spawn(process.execPath, [join(folder, 'deployer.mjs')], {
    env: { ...process.env, PORT: '0', DEPLOYER_SECRET: SECRET },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill();
    await ended;
  });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return `http://127.0.0.1:${port.toString().trim()}/airworthy`;
}

describeReleaseTarget('the receiver of the how-to', async () => {
  const url = await startReceiver();
  const egress = createOwnEgress(url, []);
  return createWebhookTarget({ url, egress, secrets: async () => [SECRET], timeoutMs: 5_000 });
});

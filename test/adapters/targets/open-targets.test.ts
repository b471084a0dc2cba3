import { readFile, rename, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openTargets } from '../../../src/adapters/targets/open-targets.js';
import { TargetUnavailable } from '../../../src/ports/release-target.js';
import { temporaryFolder } from '../../ports/temporary-folder.js';
import { exposed, noSignal, request } from './conformance/requests.js';
import { startWebhookReceiver } from './webhook-receiver.js';

const SECRET = `whsec_${Buffer.from('a secret of twenty-four.').toString('base64')}`;

async function targetsFile(text: string, variables: Readonly<Record<string, string>> = {}) {
  const folder = await temporaryFolder();
  const path = join(folder, 'targets.yaml');
  const write = async (content: string): Promise<void> => {
    await writeFile(`${path}.new`, content);
    await rename(`${path}.new`, path);
  };
  await write(text);
  return { folder, write, open: () => openTargets({ path, variables, privateNetworks: [] }) };
}

const flags = (path: string): string => `
targets: [{id: flags, kind: flag-file, path: ${path}}]
routes: [{lifecycles: ["*"], apply: [flags]}]
`;

/** Answers everything with 404 and remembers how it was asked. */
async function startListener() {
  const asked: { readonly headers: IncomingHttpHeaders; readonly url: string | undefined }[] = [];
  const server = createServer(({ headers, url }, response) => {
    asked.push({ headers, url });
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"code":"nothing-applied"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('a targets file', () => {
  it('makes what it names, with paths beside it and secrets elsewhere', async () => {
    const receiver = await startWebhookReceiver(SECRET);
    const { folder, open } = await targetsFile(
      `
targets:
  - {id: deployer, kind: webhook, url: "${receiver.url}", secrets: [{env: DEPLOYER_SECRET}], timeout: 2s}
  - {id: flags, kind: flag-file, path: flags.json}
routes:
  - {teams: [onboarding], apply: [deployer, flags]}
`,
      { DEPLOYER_SECRET: SECRET },
    );
    const target = (await open()).forTeam?.('onboarding');
    await target?.apply(request('kyc', 1, 10), noSignal());
    expect(await target?.read('kyc')).toMatchObject({ fence: 1, allocation: exposed(10) });
    expect(receiver.applied).toHaveLength(1);
    expect(JSON.parse(await readFile(join(folder, 'flags.json'), 'utf8')).flags).toHaveProperty(
      'airworthy-kyc',
    );
  });

  it('says who we are to those who ask, with secrets as they are now', async () => {
    const { asked, url } = await startListener();
    const { folder, open } = await targetsFile(
      `
targets:
  - {id: own, kind: http, url: "${url}", bearer: {file: token.txt}}
  - {id: open, kind: mlflow, url: "${url}", basic: {user: mlops, password: {env: MLFLOW_PASSWORD}}}
  - {id: closed, kind: mlflow, url: "${url}/x/", model: "models.$lifecycle", bearer: {env: MLFLOW_PASSWORD}}
routes:
  - {lifecycles: [kyc], apply: [own]}
  - {lifecycles: [tax], apply: [open]}
  - {lifecycles: [hr], apply: [closed]}
`,
      { MLFLOW_PASSWORD: 'open sesame' },
    ).then(async (file) => {
      await writeFile(join(file.folder, 'token.txt'), 'first\n');
      return file;
    });
    const target = await open();
    expect(await target.read('kyc')).toBeUndefined();
    await writeFile(join(folder, 'token.txt'), 'second\n');
    expect(await target.read('kyc')).toBeUndefined();
    await expect(target.read('tax')).rejects.toThrow(TargetUnavailable);
    await expect(target.read('hr')).rejects.toThrow(TargetUnavailable);
    expect(asked.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer first',
      'Bearer second',
      `Basic ${Buffer.from('mlops:open sesame').toString('base64')}`,
      'Bearer open sesame',
    ]);
    expect(asked.at(-1)?.url).toBe('/x/api/2.0/mlflow/registered-models/get?name=models.hr');
  });

  it('is read again when it was written to; one that is wrong moves nothing until it is mended', async () => {
    const { folder, write, open } = await targetsFile(flags('one.json'));
    const target = await open();
    await target.apply(request('kyc', 1, 10), noSignal());
    await write(flags('two.json'));
    expect(await target.read('kyc')).toBeUndefined();
    await target.apply(request('kyc', 2, 20), noSignal());
    await write('targets: []');
    const applying = target.apply(request('kyc', 3, 30), noSignal());
    await expect(applying).rejects.toThrow(/^the targets file cannot be used: .*targets.yaml/);
    await expect(applying).rejects.toThrow(TargetUnavailable);
    expect(await target.health('kyc')).toMatchObject({ ok: false });
    await write(flags('two.json'));
    expect(await target.read('kyc')).toMatchObject({ fence: 2 });
    expect(JSON.parse(await readFile(join(folder, 'one.json'), 'utf8'))).toHaveProperty('flags');
  });

  it('calls no private network that nobody allowed, whatever it names', async () => {
    const { open } = await targetsFile(`
targets: [{id: own, kind: http, url: "http://10.255.0.1/target"}]
routes: [{lifecycles: ["*"], apply: [own]}]
`);
    await expect((await open()).read('kyc')).rejects.toThrow(/leads into a private network/);
  });

  it.each([
    ['kind: webhook, url: "https://x.example", secrets: [{env: NOT_SET}]', /variable NOT_SET is not set/],
    [
      'kind: http, url: "https://x.example", bearer: {file: away.txt}',
      /secret in away.txt cannot be read \(ENOENT\)/,
    ],
    ['kind: http, url: "https://x.example", bearer: {file: empty.txt}', /empty.txt is empty/],
  ])('is not begun with when a secret is missing: %s', async (written, sentence) => {
    const { folder, open } = await targetsFile(
      `targets: [{id: one, ${written}}]\nroutes: [{lifecycles: ["*"], apply: [one]}]`,
    );
    await writeFile(join(folder, 'empty.txt'), '\n');
    await expect(open()).rejects.toThrow(sentence);
  });

  it('is unavailable once a secret has gone', async () => {
    const { asked, url } = await startListener();
    const { folder, open } = await targetsFile(`
targets: [{id: own, kind: http, url: "${url}", bearer: {file: token.txt}}]
routes: [{lifecycles: ["*"], apply: [own]}]
`);
    await writeFile(join(folder, 'token.txt'), 'first');
    const target = await open();
    await writeFile(join(folder, 'token.txt'), '');
    await expect(target.read('kyc')).rejects.toThrow(TargetUnavailable);
    expect(asked).toEqual([]);
  });
});

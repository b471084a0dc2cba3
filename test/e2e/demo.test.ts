import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../ports/temporary-folder.js';
import { newHome, removeHome, type StartedUp, startUp } from '../support/up.js';
import { demo } from './programs.js';

let up: StartedUp;

beforeAll(async () => {
  up = await startUp();
});
afterAll(async () => {
  await up.stop();
  await removeHome(up.home);
});

describe('npm run demo -- --once', () => {
  it('joins a running up and carries both use cases to live, in the sequences of their files', async () => {
    const { code, out, err } = await demo(up.home, ['--once']);
    expect(code, `${err}${out.slice(-6_000)}`).toBe(0);
    expect(out).toContain(`Joining the Airworthy that is up as process ${up.pid}`);
    expect(out.match(/^\S+ +│ as its file says: \d+ events/gm)).toHaveLength(2);
    const { temporalUi, api } = up.addresses;
    expect(out).toContain(`${temporalUi}/namespaces/default/workflows/lifecycle%2Fkyc-onboarding`);
    expect(out).toContain(`${api}/v1/lifecycles/tax-payments`);
    // Events, and the other journey, may come between the two lines.
    expect(out).toMatch(
      /rohan +at specification, citing opening 1: approve\n(.*\n){0,20}?.*refused \(stale-generation\)/,
    );
    expect(out).toMatch(/c2 failed: 0\.001 against 0\.0005, n 3000/);
    expect(out).toMatch(/Escalated readiness resolver/);
    expect(out).toMatch(/skipped +8 · two people break the glass: broken glass has an end/);
  });

  it('takes other keys the second time, and says so', async () => {
    const { code, out } = await demo(up.home, ['--once', '--example', 'tax-payments']);
    expect(code, out.slice(-6_000)).toBe(0);
    expect(out).toContain('tax-payments is taken by an earlier run, so this one is tax-payments-2.');
    expect((await fetch(up.addresses.api)).status).toBe(404);
  });

  it('exits 1 and shows expected beside actual when something else happens', async () => {
    const folder = await temporaryFolder();
    await cp('examples/meeting-notes', folder, { recursive: true });
    const file = join(folder, 'journey.yaml');
    const journey = await readFile(file, 'utf8');
    await writeFile(file, journey.replace('GateClosed start passed', 'GateClosed start returned'));
    const { code, out } = await demo(up.home, ['--once', '--example', folder]);
    expect(code).toBe(1);
    expect(out).toMatch(/events part at number \d+: 24 expected, 24 found/);
    expect(out).toMatch(/- \d+ {2}GateClosed start returned\n(.*\n)+.*\+ \d+ {2}GateClosed start passed/);
  });

  it('exits 1 when somebody is refused who should not be, and the other way round', async () => {
    const folder = await temporaryFolder();
    await cp('examples/meeting-notes', folder, { recursive: true });
    const file = join(folder, 'journey.yaml');
    const journey = await readFile(file, 'utf8');
    await writeFile(file, journey.replace(', refused: excluded', ''));
    const { code, out } = await demo(up.home, ['--once', '--example', folder]);
    expect(code).toBe(1);
    expect(out).toMatch(/expected accepted\n(.*\n){0,20}?.*found {4}refused: excluded about person/);
  });
});

describe('npm run demo -- --once, where nothing is up', () => {
  it('starts the system and stops everything that it started', async () => {
    const home = await newHome();
    const ports = ['API', 'SERVICES', 'TEMPORAL', 'TEMPORAL_UI'].map((name) => [
      `AIRWORTHY_${name}_PORT`,
      '0',
    ]);
    const variables = Object.fromEntries(ports) as NodeJS.ProcessEnv;
    const { code, out, err } = await demo(home, ['--once', '--example', 'meeting-notes'], variables);
    expect(code, `${err}${out}`).toBe(0);
    const [, address = ''] = /API +(http:\/\/127\.0\.0\.1:\d+)\/v1/.exec(out) ?? [];
    await expect(fetch(address)).rejects.toThrow(/fetch failed/);
    await removeHome(home);
  });

  it('says which example there is not, and starts nothing', async () => {
    const home = await newHome();
    const { code, err } = await demo(home, ['--example', 'nothing']);
    expect(code).toBe(1);
    expect(err).toContain('There is no example nothing: name one of kyc-onboarding, tax-payments');
    await removeHome(home);
  });
});

import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const serverTests = ['test/workflow/**', 'test/server/**', 'test/replay/**', 'test/e2e/**'];

// These levels run the compiled program, or workflows from its bundle.
const compiled = 'test/support/set-up.ts';
// One server, whichever of these levels run.
const database = 'test/support/database.ts';
// Prometheus, Alertmanager and MLflow, fetched once.
const services = 'test/support/services/installed.ts';

/** One level of tests. Levels run one after the other, so that none waits for a machine busy with another. */
function level(order: number, name: string, test: TestProjectInlineConfiguration['test']) {
  const include = [`test/${name}/**/*.test.ts`];
  return {
    test: { name, include, sequence: { groupOrder: order }, ...test },
  } satisfies TestProjectInlineConfiguration;
}

export default defineConfig({
  test: {
    reporters: ['default', './test/reporter.ts'],
    projects: [
      level(0, 'unit', {
        include: ['test/**/*.test.ts'],
        exclude: serverTests,
        globalSetup: [database, services],
        testTimeout: 20_000,
        hookTimeout: 30_000,
        maxWorkers: 2,
      }),
      level(1, 'replay', { globalSetup: [compiled], testTimeout: 60_000, maxWorkers: 1 }),
      level(2, 'workflow', {
        globalSetup: [compiled, database, 'test/support/time-skipping-server.ts'],
        testTimeout: 60_000,
        hookTimeout: 60_000,
        maxWorkers: 1,
      }),
      level(3, 'server', {
        globalSetup: [compiled, database, services, 'test/support/dev-server.ts'],
        testTimeout: 90_000,
        hookTimeout: 60_000,
        maxWorkers: 1,
      }),
      level(4, 'e2e', {
        globalSetup: [compiled, services],
        testTimeout: 300_000,
        hookTimeout: 120_000,
        maxWorkers: 1,
      }),
    ],
  },
});

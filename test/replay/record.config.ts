import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/replay/record.ts'],
    globalSetup: ['test/support/database.ts', 'test/support/dev-server.ts'],
    testTimeout: 180_000,
    hookTimeout: 60_000,
    maxWorkers: 1,
  },
});

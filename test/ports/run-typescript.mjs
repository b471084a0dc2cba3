// `node run-typescript.mjs FILE [arguments]` runs a TypeScript module in a process of its own, as crash
// tests need one. The module is transformed by what vitest brings along, so nothing has to be built first.
import { createViteServer } from 'vitest/node';

const server = await createViteServer({
  configFile: false,
  appType: 'custom',
  logLevel: 'error',
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, hmr: false, watch: null, ws: false },
});
await server.ssrLoadModule(process.argv[2]);

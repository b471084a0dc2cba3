import { runUp } from './run-up.js';

await runUp();

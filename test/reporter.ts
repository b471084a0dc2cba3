import { writeSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** Ends the output with one plain line, `N passed, N failed`, for people and scripts. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    let passed = 0;
    // What fails outside of a test, such as an import or a hook, has no test to be counted by.
    let failed = unhandled.length;
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        if (state === 'failed') failed += 1;
      }
      failed += module.errors().length;
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
    }
    // Written when the process ends, because vitest itself still prints after this.
    process.once('exit', () => writeSync(1, `${passed} passed, ${failed} failed\n`));
  }
}

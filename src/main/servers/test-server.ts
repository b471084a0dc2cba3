import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inCheckout } from '../checkout.js';
import { cacheFolder } from '../environment.js';
import { OperatorError } from '../operator-error.js';
import { runLongCommand } from './command.js';
import { fetchBySdk } from './download.js';
import { fetchedBefore, fetchInto, type Search, type ServerProgram, type Source } from './fetched.js';
import { onPath } from './program-path.js';

// Also written in temporal/test-server/pom.xml; a test keeps the two the same.
const MAVEN_VERSION = '1.38.0';
const program = 'temporal-test-server';

const downloaded: Source = { folder: 'test-server-sdk', program, words: "the SDK's own download" };
const fromMaven: Source = {
  folder: `test-server-maven-${MAVEN_VERSION}`,
  program,
  words: `Maven's temporal-test-server ${MAVEN_VERSION}, on Java`,
};

// Small heap and no optimising compiler: the SDK waits five seconds for it, on a busy machine too.
const launcher = `#!/bin/sh
jars="$(dirname "$0")/jars"
exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx512m -cp "$jars/*" io.temporal.testserver.TestServer "$@"
`;

/**
 * The time-skipping test server's program: fetched before, downloaded by the SDK, or Java's from Maven behind a
 * launcher. Throws OperatorError saying what to install when none of these is possible.
 */
export async function findTestServer(search: Search): Promise<ServerProgram> {
  const { variables, say } = search;
  const cache = cacheFolder(variables);
  const before = (await fetchedBefore(cache, downloaded)) ?? (await fetchedBefore(cache, fromMaven));
  if (before !== undefined) return before;
  say("Fetching the time-skipping test server by the SDK's own download ...");
  return (await fetchBySdk('time-skipping', cache, downloaded, search)) ?? fetchWithMaven(cache, search);
}

async function fetchWithMaven(cache: string, { variables, say, signal }: Search): Promise<ServerProgram> {
  const maven = await onPath('mvn', variables);
  if (maven === undefined || (await onPath('java', variables)) === undefined) {
    throw new OperatorError(
      'No time-skipping test server is at hand. Install Java 11 or newer and Maven ' +
        '(on Debian: apt-get install default-jre-headless maven) and run the tests again.',
    );
  }
  say('Fetching the time-skipping test server with Maven, once ...');
  return fetchInto(cache, fromMaven, async (folder) => {
    const pom = inCheckout('temporal', 'test-server', 'pom.xml');
    const args = [
      '-q',
      '-B',
      '-f',
      pom,
      'dependency:copy-dependencies',
      `-DoutputDirectory=${join(folder, 'jars')}`,
    ];
    const doing = 'fetching the test server';
    await runLongCommand({ program: maven, args, doing, variables: { ...variables }, signal, say });
    await writeFile(join(folder, program), launcher);
  });
}

import { cacheFolder } from '../environment.js';
import { OperatorError } from '../operator-error.js';
import { runLongCommand } from './command.js';
import { fetchBySdk } from './download.js';
import { fetchedBefore, fetchInto, type Search, type ServerProgram, type Source } from './fetched.js';
import { answers, onPath } from './program-path.js';

// The newest command line that the Go module proxy can build; it embeds server 1.29.1.
const GO_VERSION = 'v1.5.1';
const program = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

const downloaded: Source = { folder: 'temporal-sdk', program, words: "the SDK's own download" };
const built: Source = {
  folder: `temporal-go-${GO_VERSION}`,
  program,
  words: `built from the Go module, ${GO_VERSION}`,
};

/**
 * The `temporal` program to start a development server with: on the PATH, fetched before, downloaded by the SDK,
 * or built once with Go. Throws OperatorError saying what to install when none of these is possible.
 */
export async function findDevServer(search: Search): Promise<ServerProgram> {
  const { variables, say } = search;
  const found = await onPath('temporal', variables);
  if (found !== undefined && (await answers(found, '--version'))) {
    return { path: found, origin: '`temporal` on the PATH' };
  }
  const cache = cacheFolder(variables);
  const before = (await fetchedBefore(cache, downloaded)) ?? (await fetchedBefore(cache, built));
  if (before !== undefined) return before;
  say("Fetching the Temporal server by the SDK's own download ...");
  return (await fetchBySdk('dev-server', cache, downloaded, search)) ?? buildWithGo(cache, search);
}

async function buildWithGo(cache: string, { variables, say, signal }: Search): Promise<ServerProgram> {
  const go = await onPath('go', variables);
  if (go === undefined) {
    throw new OperatorError(
      'No Temporal server is at hand. Install the Temporal CLI (docs.temporal.io/cli) so that `temporal` is on the ' +
        'PATH, or Go 1.25 or newer (go.dev/dl) to have it built here once, or set TEMPORAL_ADDRESS to a running server.',
    );
  }
  say(`Building the Temporal server with Go, once; this takes two to five minutes (${GO_VERSION}) ...`);
  return fetchInto(cache, built, (folder) =>
    runLongCommand({
      program: go,
      args: [
        'install',
        '-trimpath',
        '-ldflags=-s -w',
        `github.com/temporalio/cli/cmd/temporal@${GO_VERSION}`,
      ],
      doing: 'building the Temporal server',
      // Plain Go needs no C compiler; GOPROXY and friends stay as the person set them.
      variables: { ...variables, GOBIN: folder, CGO_ENABLED: '0' },
      signal,
      say,
    }),
  );
}

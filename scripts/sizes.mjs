// `npm run sizes`: files stay small enough to be read whole. Lines of a workflow function: .oxlintrc.json.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAX_LINES = 400;
const MEDIAN_OF_SOURCES = 80;
const P95_OF_SOURCES = 250;

const root = process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url)));

/** Source files below a folder with their number of lines, longest first. */
function filesOf(folder) {
  if (!existsSync(join(root, folder))) return [];
  const files = readdirSync(join(root, folder), { withFileTypes: true, recursive: true });
  return files
    .filter((file) => file.isFile() && /\.(ts|mts|mjs)$/.test(file.name))
    .map((file) => join(file.parentPath, file.name))
    .map((path) => ({
      path: relative(root, path),
      lines: readFileSync(path, 'utf8').trimEnd().split('\n').length,
    }))
    .sort((a, b) => b.lines - a.lines);
}

function quantile(files, share) {
  return files.toReversed()[Math.ceil(files.length * share) - 1]?.lines ?? 0;
}

const sources = filesOf('src');
const tests = filesOf('test');
const median = quantile(sources, 0.5);
const p95 = quantile(sources, 0.95);
const sum = (files) => files.reduce((all, { lines }) => all + lines, 0);

const found = [sources, tests, filesOf('bench'), filesOf('faults'), filesOf('scripts')]
  .flat()
  .filter(({ lines }) => lines > MAX_LINES)
  .map(({ path, lines }) => `${path} has ${lines} lines; ${MAX_LINES} are the limit`);
if (median > MEDIAN_OF_SOURCES)
  found.push(`half of src has ${median} lines or more; ${MEDIAN_OF_SOURCES} are wanted`);
if (p95 > P95_OF_SOURCES)
  found.push(`one file of twenty in src has ${p95} lines or more; ${P95_OF_SOURCES} are wanted`);

const ratio = (sum(tests) / Math.max(1, sum(sources))).toFixed(2);
const lines = [
  `src: ${sources.length} files, median ${median}, 95th percentile ${p95}, longest ${sources[0]?.lines ?? 0} lines`,
  `test: ${tests.length} files, ${ratio} lines a line of src`,
  ...found,
];
process.stdout.write(`${lines.join('\n')}\n`);
process.exitCode = found.length === 0 ? 0 : 1;

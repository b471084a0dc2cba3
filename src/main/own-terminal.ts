import { createTerminal, type Terminal } from '../cli/terminal/terminal.js';

/** The terminal of this process; coloured where somebody looks and NO_COLOR is not set. */
export function ownTerminal(): Terminal {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  const wanted = FORCE_COLOR ? FORCE_COLOR !== '0' : process.stdout.isTTY === true;
  endWithReader(process.stdout);
  endWithReader(process.stderr);
  return createTerminal(process.stdout, process.stderr, wanted && !NO_COLOR);
}

const watched = new WeakSet<NodeJS.WriteStream>();

/** Whoever reads the output may stop early, as `head` does: that ends the program without a complaint. */
function endWithReader(stream: NodeJS.WriteStream): void {
  if (watched.has(stream)) return;
  watched.add(stream);
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

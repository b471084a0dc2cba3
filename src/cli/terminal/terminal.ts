import { createPaint, type Paint } from './paint.js';

/** Where a verb writes: results to `out`, everything about them to `err`. Both take whole lines. */
export interface Terminal {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  readonly paint: Paint;
  /** Columns for tables; undefined where nobody looks, and nothing is cut. */
  readonly width: number | undefined;
}

/** The part of a writable stream that is used. */
interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** A terminal on two streams; `colour` is the caller's decision. */
export function createTerminal(stdout: Stream, stderr: Stream, colour: boolean): Terminal {
  return {
    out: (line) => void stdout.write(`${line}\n`),
    err: (line) => void stderr.write(`${line}\n`),
    paint: createPaint(colour),
    width: stdout.isTTY === true ? stdout.columns : undefined,
  };
}

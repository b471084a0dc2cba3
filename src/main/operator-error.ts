/** A failure whose message says all that an operator needs, what to do included: it is shown without a stack. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}

/** Prints what stopped a program (plain for an OperatorError, with its stack otherwise) and sets exit code 1. */
export function reportFailure(error: unknown): void {
  const text =
    error instanceof OperatorError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}

/** What can go wrong between the command line and the API, and the exit code of each. */
import { z } from 'zod';
import { EXIT, type ExitCode, isProblemCode, PROBLEMS, reasonForm } from '../../contracts/problem.js';

/** The parts of a problem document that are shown; codes of a newer API are taken as they come. */
const shownProblem = z.object({
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  reasons: z.array(reasonForm),
  requestId: z.string(),
});
type ShownProblem = z.output<typeof shownProblem>;

/** The API refused, or could not answer: its problem document. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly document: ShownProblem;
  /** Repeating the request under it is safe. */
  readonly idempotencyKey: string | undefined;
  constructor(document: ShownProblem, idempotencyKey: string | undefined) {
    super(document.detail);
    this.document = document;
    this.idempotencyKey = idempotencyKey;
  }
  get exit(): ExitCode {
    const { code, status } = this.document;
    if (isProblemCode(code)) return PROBLEMS[code].exit;
    return status >= 500 ? EXIT.unavailable : EXIT.refused;
  }
}

/** No answer, or one that is not Airworthy's. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
  readonly exit = EXIT.unavailable;
}

/** What was typed, or stands in a file that was named, cannot be used. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exit: ExitCode;
  constructor(message: string, options?: ErrorOptions & { readonly exit?: ExitCode }) {
    super(message, options);
    this.exit = options?.exit ?? EXIT.usage;
  }
}

/** Whether time may mend it: nobody answered, or who did cannot do it now. */
export function isPassing(error: unknown): error is ApiProblem | Unreachable {
  return error instanceof Unreachable || (error instanceof ApiProblem && error.exit === EXIT.unavailable);
}

/** The problem document in an answer's body, if it is one. */
export function readProblem(body: unknown): ShownProblem | undefined {
  return shownProblem.safeParse(body).data;
}

/** A failure in words: one line on what happened, then one for every reason that says more. */
export function problemLines({ document, idempotencyKey }: ApiProblem): string[] {
  const { title, code, detail, reasons, requestId } = document;
  const said = reasons.map(({ message, fact, pointer }) => {
    const about = pointer ?? fact;
    return about === undefined ? message : `${about}: ${message}`;
  });
  const again =
    code === 'outcome-unknown' && idempotencyKey !== undefined
      ? [`It may still happen; to repeat it safely, add --idempotency-key ${idempotencyKey}`]
      : [];
  const lines = said.length > 0 ? said : [detail];
  return [`${title} (${code}, request ${requestId})`, ...lines.map((line) => `  ${line}`), ...again];
}

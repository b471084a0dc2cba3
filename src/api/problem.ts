import type { FieldProblem } from '../contracts/form.js';
import type { ProblemCode, ProblemReason } from '../contracts/problem.js';
import type { Rejection } from '../domain/rejection.js';

/** A request that ends in a problem document. `detail` says in one sentence what is so and what to do. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly reasons: readonly ProblemReason[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    detail: string,
    extra: {
      readonly reasons?: readonly ProblemReason[];
      readonly headers?: Readonly<Record<string, string>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: extra.cause });
    this.code = code;
    this.reasons = extra.reasons ?? [{ code, message: detail }];
    this.headers = extra.headers ?? {};
  }
}

/** The problem of a decider's rejection. */
export function rejected({ rejected: code, reasons }: Rejection): Problem {
  return new Problem(code, sentence(reasons), { reasons: [...reasons] });
}

/** The problem of a body that is not as its form asks; each field by its JSON pointer. */
export function invalidBody(
  problems: readonly FieldProblem[],
  under: readonly (string | number)[] = [],
): Problem {
  const reasons = problems.slice(0, 50).map(({ path, detail }) => ({
    code: 'invalid-body',
    message: detail,
    pointer: pointerOf([...under, ...path]),
  }));
  const [first] = reasons;
  const detail =
    first === undefined ? 'the body is not valid' : `${first.pointer || 'the body'} ${first.message}`;
  return new Problem('invalid-body', more(detail, reasons.length), { reasons });
}

/** RFC 6901. */
function pointerOf(path: readonly (string | number)[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The first reason, and how many more there are. */
export function sentence(reasons: readonly { readonly message: string }[]): string {
  return more(reasons[0]?.message ?? 'it was refused', reasons.length);
}

const more = (text: string, count: number): string => (count > 1 ? `${text} (and ${count - 1} more)` : text);

/** What Temporal's client throws, in the words of the API. */
import {
  isGrpcServiceError,
  type ServiceError,
  WorkflowNotFoundError,
  type WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { isProblemCode, type ProblemReason } from '../contracts/problem.js';
import { Problem, sentence } from './problem.js';

/** gRPC status codes that matter here. */
const GRPC = {
  deadlineExceeded: 4,
  notFound: 5,
  resourceExhausted: 8,
  failedPrecondition: 9,
  unavailable: 14,
} as const;

/** The gRPC status behind an error, however deep; undefined where there is none. */
function grpcCodeOf(error: unknown): number | undefined {
  if (isGrpcServiceError(error)) return error.code;
  return error instanceof Error ? grpcCodeOf((error as ServiceError).cause) : undefined;
}

/** No answer, although the client was given time to get one. */
export class Late extends Error {
  override readonly name = 'Late';
}

/** Whether something was asked and not answered in time, so that it may still happen. */
export function isLate(error: unknown): boolean {
  return (
    error instanceof Late ||
    error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
    grpcCodeOf(error) === GRPC.deadlineExceeded
  );
}

/**
 * Whether the server dropped an update undone because the task that carried it failed: where it met a
 * continue-as-new, asking again under the same id is all it takes.
 */
export function wasDropped(error: unknown): boolean {
  return grpcCodeOf(error) === GRPC.failedPrecondition;
}

/** Whether the server knows no such workflow. */
export function isUnknown(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError || grpcCodeOf(error) === GRPC.notFound;
}

/** Whether the engine itself cannot be used, as opposed to one lifecycle of it. */
export function isUnreachable(error: unknown): boolean {
  const code = grpcCodeOf(error);
  return code === GRPC.unavailable || code === GRPC.resourceExhausted;
}

export function unreachable(cause: unknown): Problem {
  const detail =
    'the engine cannot be reached now; repeat the request in a moment, with the same Idempotency-Key';
  return new Problem('temporal-unavailable', detail, { cause, headers: { 'Retry-After': '2' } });
}

export function outcomeUnknown(cause: unknown): Problem {
  const detail = 'no answer in time; it may still happen: repeat the request with the same Idempotency-Key';
  return new Problem('outcome-unknown', detail, { cause, headers: { 'Retry-After': '1' } });
}

/** The problem of an update that the lifecycle answered with a failure. */
export function updateFailed(error: WorkflowUpdateFailedError): Problem {
  const { cause } = error;
  if (!(cause instanceof ApplicationFailure)) return outcomeUnknown(error);
  if (cause.type === 'AcceptedUpdateCompletedWorkflow') return outcomeUnknown(error);
  if (!isProblemCode(cause.type)) {
    return new Problem('internal', 'the lifecycle failed to handle the command', { cause: error });
  }
  const reasons = reasonsIn(cause.details);
  const detail = reasons.length > 0 ? sentence(reasons) : cause.message;
  const headers = cause.type === 'ledger-behind' ? { 'Retry-After': '5' } : {};
  return new Problem(cause.type, detail, { cause: error, headers, ...(reasons.length > 0 && { reasons }) });
}

function reasonsIn(details: unknown): ProblemReason[] {
  const first: unknown = Array.isArray(details) ? details[0] : undefined;
  return Array.isArray(first) ? first.filter(isReason) : [];
}

function isReason(value: unknown): value is ProblemReason {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value;
}

export function noLifecycle(key: string): Problem {
  return new Problem('not-found', `there is no lifecycle ${key}; check the key`);
}

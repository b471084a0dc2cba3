import { ServiceError, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { isLate, isUnknown, isUnreachable, Late, updateFailed } from '../../src/api/temporal-failures.js';

const failed = (cause: Error) => updateFailed(new WorkflowUpdateFailedError('failed', cause));

function grpc(code: number): ServiceError {
  const cause = Object.assign(new Error('grpc'), { code, details: '', metadata: {} });
  return new ServiceError('failed', { cause });
}

describe('a failed update', () => {
  it('gives the lifecycle’s code and reasons', () => {
    const reasons = [{ code: 'excluded', message: 'ravi wrote it', fact: 'person' }];
    const problem = failed(ApplicationFailure.nonRetryable('excluded', 'excluded', reasons));
    expect(problem).toMatchObject({ code: 'excluded', message: 'ravi wrote it', reasons });
  });

  it('counts the other reasons', () => {
    const reasons = ['a', 'b', 'c'].map((message) => ({ code: 'incomplete', message }));
    const problem = failed(ApplicationFailure.nonRetryable('incomplete', 'incomplete', reasons));
    expect(problem.message).toBe('a (and 2 more)');
  });

  it.each([
    ['details that are no reasons', ApplicationFailure.nonRetryable('held up', 'held', 'text'), 'held'],
    ['a ledger far behind', ApplicationFailure.nonRetryable('wait', 'ledger-behind', []), 'ledger-behind'],
    ['a type nobody knows', ApplicationFailure.nonRetryable('x', 'surprise'), 'internal'],
    ['no type', ApplicationFailure.nonRetryable('x'), 'internal'],
    [
      'a lifecycle that continued meanwhile',
      ApplicationFailure.nonRetryable('x', 'AcceptedUpdateCompletedWorkflow'),
      'outcome-unknown',
    ],
    ['another kind of failure', new Error('terminated'), 'outcome-unknown'],
  ])('copes with %s', (_what, cause, code) => {
    expect(failed(cause)).toMatchObject({ code });
  });
});

describe('what the client throws', () => {
  it('is told apart: late, unknown, unreachable, none of them', () => {
    const kinds = (error: unknown) => [isLate(error), isUnknown(error), isUnreachable(error)];
    expect(kinds(new Late('no answer'))).toEqual([true, false, false]);
    expect(kinds(grpc(4))).toEqual([true, false, false]);
    expect(kinds(grpc(5))).toEqual([false, true, false]);
    expect(kinds(new WorkflowNotFoundError('x', 'lifecycle/x', undefined))).toEqual([false, true, false]);
    expect(kinds(grpc(14))).toEqual([false, false, true]);
    expect(kinds(grpc(8))).toEqual([false, false, true]);
    expect(kinds(grpc(3))).toEqual([false, false, false]);
    expect(kinds(undefined)).toEqual([false, false, false]);
  });
});

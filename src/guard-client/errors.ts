import type { Answer } from './answers.js';

/** The action must not be taken; `answer` says which clause it is, or which item waits for a person. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed';
  readonly code = 'not-allowed';
  readonly answer: Answer;
  constructor(answer: Answer) {
    const { verdict, clause, says, item } = answer;
    super(
      `${verdict}${clause === null ? '' : ` by ${clause}`}: ${says}${item === null ? '' : ` (item ${item.item})`}`,
    );
    this.answer = answer;
  }
}

/** The guard refuses the question itself: a wrong key, a use case that there is not, a malformed action. Repeating cannot help. */
export class GuardMisused extends Error {
  override readonly name = 'GuardMisused';
  readonly code = 'guard-misused';
  readonly status: number;
  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

import { holdersOf } from '../gates/authority.js';
import { type Reason, type Rejection, reject } from '../rejection.js';
import { RIGHTS } from '../vocabulary.js';
import { scopingOwed } from './rules.js';
import type { Rights, State } from './state.js';

/** Rights that nobody holds, and the one combination that would let a person approve their own change. */
export function rightReasons(rights: Rights): Reason[] {
  const vacant = RIGHTS.filter((right) => holdersOf(rights, right).length === 0).map(
    (right): Reason => ({
      code: 'right-vacant',
      message: `nobody holds ${right}; assign it and let them accept`,
      fact: right,
    }),
  );
  const { technicalOwner, changeApprover } = rights;
  if (technicalOwner === undefined || technicalOwner !== changeApprover) return vacant;
  const message = `${technicalOwner} cannot be both technical owner and change approver; assign one of them to somebody else`;
  return [...vacant, { code: 'right-conflict', message, fact: 'changeApprover' }];
}

/** What keeps a use case in scoping, besides its gate. A pilot inherits its rights and may lack some. */
export function scopingComplete(state: State): Reason[] {
  const { missing } = state.brief;
  const brief = missing.map(
    (field): Reason => ({ code: 'incomplete', message: `the brief lacks ${field}`, fact: field }),
  );
  return [...brief, ...(state.mode === 'governed' ? rightReasons(state.rights) : [])];
}

/** Scoping is over, unless a tier that rose since asks for its gate. */
export function refuseAfterScoping(state: State): Rejection | undefined {
  if (state.stage === 'scoping' || scopingOwed(state)) return undefined;
  return reject('wrong-stage', 'scoping is behind this use case', 'stage');
}

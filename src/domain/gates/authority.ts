import type { Approver, Rights } from '../lifecycle/state.js';
import type { Authority } from '../policy.js';
import type { BusinessFunction, PersonId, Right } from '../vocabulary.js';

/** How an authority is called wherever it is shown: `risk`, or `operatingOwner`. */
export function authorityName(authority: Authority): string {
  return 'function' in authority ? authority.function : authority.right;
}

/** The holders of a right: the roster of stop-ship holders, or the one holder if there is one. */
export function holdersOf(rights: Rights, right: Right): readonly PersonId[] {
  const held = rights[right];
  return held === undefined ? [] : typeof held === 'string' ? [held] : held;
}

/** The rights a person holds. */
export function rightsOf(rights: Rights, person: PersonId): Right[] {
  return (Object.keys(rights) as Right[]).filter((right) => holdersOf(rights, right).includes(person));
}

/** Those who spoke for a right that has gone to somebody else since. */
export function formerHolders(rights: Rights, approvers: readonly Approver[]): PersonId[] {
  return approvers.flatMap(({ person, authority, mandate }) =>
    'right' in authority && !holdersOf(rights, authority.right).includes(mandate?.from ?? person)
      ? [person]
      : [],
  );
}

/** Whether someone with these functions and rights can speak for the authority. */
export function speaksFor(
  authority: Authority,
  who: { readonly functions: readonly BusinessFunction[]; readonly rights: readonly Right[] },
): boolean {
  return 'function' in authority
    ? who.functions.includes(authority.function)
    : who.rights.includes(authority.right);
}

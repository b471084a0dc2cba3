import { describe, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { routeAnswer, timelinePage } from '../../src/contracts/answers.js';
import type { PAYLOADS } from '../../src/contracts/payloads.js';
import type { lifecycleView } from '../../src/contracts/view.js';
import type { CommandName, Payloads } from '../../src/domain/commands/payloads.js';
import type { RouteAnswer } from '../../src/domain/lifecycle/route.js';
import type { LifecycleView } from '../../src/domain/lifecycle/view.js';
import type { LedgerEntry } from '../../src/ports/ledger.js';

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;
type Assignable<A, B> = [DeepReadonly<A>] extends [DeepReadonly<B>] ? true : false;

/** Commands whose schema lets through less, or more, than the decider's payload says. */
type Differing = {
  [N in CommandName]: [
    Assignable<Payloads[N], z.output<(typeof PAYLOADS)[N]>>,
    Assignable<z.output<(typeof PAYLOADS)[N]>, Payloads[N]>,
  ] extends [true, true]
    ? never
    : N;
}[CommandName];

describe('the types of what crosses the boundary', () => {
  it('are the decider’s payloads, command by command', () => {
    expectTypeOf<Differing>().toBeNever();
  });

  it('show what the domain answers', () => {
    expectTypeOf<keyof z.output<typeof lifecycleView>>().toEqualTypeOf<keyof LifecycleView>();
    expectTypeOf<keyof z.output<typeof routeAnswer>>().toEqualTypeOf<keyof RouteAnswer>();
    expectTypeOf<keyof z.output<typeof timelinePage>['items'][number]>().toEqualTypeOf<keyof LedgerEntry>();
  });
});

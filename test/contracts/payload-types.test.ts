import { describe, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type { Shown } from '../../src/api/show-lifecycle.js';
import type { routeAnswer, timelinePage } from '../../src/contracts/answers.js';
import type { inboxAnswer, lifecycleList, portfolioAnswer } from '../../src/contracts/lists.js';
import type { PAYLOADS } from '../../src/contracts/payloads.js';
import type { lifecycleView, shownLifecycle } from '../../src/contracts/view.js';
import type { CommandName, Payloads } from '../../src/domain/commands/payloads.js';
import type { RouteAnswer } from '../../src/domain/lifecycle/route.js';
import type { LifecycleView } from '../../src/domain/lifecycle/view.js';
import type { ItemModel } from '../../src/ports/item-model.js';
import type { PlacedEntry } from '../../src/ports/ledger.js';
import type { InboxItem, LifecycleRow, Portfolio } from '../../src/ports/read-model.js';

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;
type Assignable<A, B> = [DeepReadonly<A>] extends [DeepReadonly<B>] ? true : false;

/** Lifecycles, and the exception items beside them. */
type Counted = Portfolio & { readonly items: Awaited<ReturnType<ItemModel['counts']>> };

type Row = z.output<typeof lifecycleList>['items'][number];

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
    expectTypeOf<Assignable<Shown, z.output<typeof shownLifecycle>>>().toEqualTypeOf<true>();
    expectTypeOf<Assignable<LifecycleRow, Row>>().toEqualTypeOf<true>();
    expectTypeOf<keyof Row>().toEqualTypeOf<keyof LifecycleRow>();
    expectTypeOf<keyof z.output<typeof inboxAnswer>['items'][number]>().toEqualTypeOf<keyof InboxItem>();
    expectTypeOf<Assignable<Counted, z.output<typeof portfolioAnswer>>>().toEqualTypeOf<true>();
    expectTypeOf<keyof z.output<typeof routeAnswer>>().toEqualTypeOf<keyof RouteAnswer>();
    expectTypeOf<keyof z.output<typeof timelinePage>['items'][number]>().toEqualTypeOf<keyof PlacedEntry>();
  });
});

import { z } from 'zod';
import type { Allocation } from '../domain/release/allocation.js';
import type { AllocationRequest, AppliedAllocation, TargetHealth } from '../ports/release-target.js';

/** What an HTTP release target and its client say to each other. */
const percent = z.number().min(0).max(100);

/** Who serves what, as far as it makes sense. */
export const allocationForm = z
  .strictObject({
    candidate: z.strictObject({ release: z.string(), percent, shadow: z.boolean() }).nullable(),
    serving: z.strictObject({ release: z.string(), percent }).nullable(),
    cohort: z.strictObject({ digest: z.string(), people: z.int().min(0) }).nullable(),
    review: z.enum(['normal', 'all']),
  })
  .refine(({ candidate, serving }) => {
    const exposed = candidate === null || candidate.shadow ? 0 : candidate.percent;
    return exposed + (serving?.percent ?? 0) <= 100;
  }, 'candidate and serving release share more than 100 percent') satisfies z.ZodType<Allocation>;

/** Body of `PUT /lifecycles/{key}/allocation`. */
export const applyForm = z.strictObject({
  effectKey: z.string().min(1),
  fence: z.int().min(0),
  allocation: allocationForm,
}) satisfies z.ZodType<Omit<AllocationRequest, 'lifecycle'>>;

/** Answer to `GET /lifecycles/{key}`. */
export const appliedForm = z.object({
  fence: z.int(),
  allocation: allocationForm,
  appliedAt: z.number(),
}) satisfies z.ZodType<AppliedAllocation>;

/** Body of a 404 for a lifecycle that the target never served; any other 404 says nothing. */
export const nothingAppliedForm = z.object({ code: z.literal('nothing-applied') });

/** Body of a 409: the fence that the target stands at. */
export const staleForm = z.object({ code: z.literal('stale-fence'), current: z.int() });

/** Answer to `GET /lifecycles/{key}/health`; a target that has no such route is asked what it serves instead. */
export const healthForm = z.object({
  ok: z.boolean(),
  detail: z.string().max(2_000),
}) satisfies z.ZodType<TargetHealth>;

/** One applied effect: a line of the target's journal, and an item of `GET /journal`. */
export const effectForm = z.strictObject({
  ...applyForm.shape,
  lifecycle: z.string(),
  appliedAt: z.number(),
}) satisfies z.ZodType<AllocationRequest & AppliedAllocation>;
export type AppliedEffect = z.infer<typeof effectForm>;

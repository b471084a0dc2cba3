/** The questions of the risk assessment, and the rules that turn the answers into a tier. */
import { z } from 'zod';
import { type Expression, OPERATORS } from '../../domain/governance/expression.js';
import { NO_RULE } from '../../domain/governance/tier.js';
import { TIERS } from '../../domain/vocabulary.js';
import { businessFunction, slug } from './words.js';

const MAX_DEPTH = 6;

/** Answers of `several` combine, so they are fewer. */
const MOST_ANSWERS = { scale: 12, kind: 12, several: 8 } as const;

export const writtenFact = z
  .strictObject({
    id: slug,
    question: z.string().min(1).max(200),
    type: z.enum(['scale', 'kind', 'several']),
    answers: z.array(slug).min(2),
  })
  .superRefine(({ type, answers }, context) => {
    const most = MOST_ANSWERS[type];
    if (answers.length > most) {
      context.addIssue({
        code: 'custom',
        path: ['answers'],
        message: `at most ${most} answers of a ${type} fact`,
      });
    }
    for (const [index, answer] of answers.entries()) {
      if (answers.indexOf(answer) === index) continue;
      context.addIssue({ code: 'custom', path: ['answers', index], message: `"${answer}" is listed twice` });
    }
  });

/** Comparisons of facts, combined with all, any and not; there is no expression language. */
export const writtenExpression: z.ZodType<Expression> = expressionOf(MAX_DEPTH);

export const writtenTierRule = z.strictObject({
  id: slug.refine((id) => id !== NO_RULE, { error: `"${NO_RULE}" stands for no rule; choose another id` }),
  when: writtenExpression,
  tier: z.enum(TIERS),
  holdFor: z.exactOptional(businessFunction),
});

function expressionOf(depth: number): z.ZodType<Expression> {
  const comparison = z.strictObject({
    fact: z.string(),
    op: z.enum(OPERATORS),
    value: z.union([z.string(), z.array(z.string()).min(1)]),
  });
  if (depth === 0) return comparison;
  const part = expressionOf(depth - 1);
  return z.union([
    comparison,
    z.strictObject({ all: z.array(part).min(1).max(12) }),
    z.strictObject({ any: z.array(part).min(1).max(12) }),
    z.strictObject({ not: part }),
  ]);
}

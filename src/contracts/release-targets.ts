/** The targets file: where releases serve, and which lifecycles are served where. */
import { z } from 'zod';
import { elapsedOf, elapsedTime } from './duration-text.js';
import { field } from './fields.js';
import { secretRef } from './secret-ref.js';

const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'write lower-case letters, digits, hyphens, such as registry' });
const address = z.url({ protocol: /^https?$/, error: 'write an http(s) address' });

/** A name in which `$lifecycle` stands for the key of the lifecycle. */
const template = (pattern: RegExp, error: string) => z.string().max(200).regex(pattern, { error });

/** An alias as MLflow takes it: `latest` and names like `v3` are its own. */
const alias = template(
  /^(?!latest$|v\d+$)[A-Za-z0-9_-]*(\$lifecycle)?[A-Za-z0-9_-]+$|^\$lifecycle$/,
  'write an alias of letters, digits, - and _; not "latest", and not "v" and a number',
);

/** Effects have a minute in all: a target that is slower is answered as one that is away. */
const timeout = elapsedTime
  .refine((text) => elapsedOf(text) >= 100 && elapsedOf(text) <= 45_000, 'must be from 100ms to 45s')
  .default('20s');

const webhook = z.strictObject({
  id,
  kind: z.literal('webhook'),
  url: address,
  /** What calls are signed with as Standard Webhooks says; two while it is changed. */
  secrets: z.array(secretRef).min(1).max(3),
  timeout,
});

const mlflow = z
  .strictObject({
    id,
    kind: z.literal('mlflow'),
    /** Of the tracking server, without `/api`. */
    url: address,
    model: template(/^[^/:"'\s]+$/, 'name a registered model: no spaces, quotes, slashes or colons').default(
      '$lifecycle',
    ),
    aliases: z
      .strictObject({
        serving: alias.default('serving'),
        candidate: alias.default('candidate'),
        shadow: alias.default('shadow'),
      })
      .prefault({}),
    bearer: secretRef.exactOptional(),
    basic: z.strictObject({ user: z.string().min(1), password: secretRef }).exactOptional(),
    timeout,
  })
  .refine(({ aliases }) => new Set(Object.values(aliases)).size === 3, {
    error: 'must be three different aliases: one model cannot be two things at once under one name',
    path: ['aliases'],
  })
  .refine(({ bearer, basic }) => bearer === undefined || basic === undefined, {
    error: 'cannot go together with bearer: keep one of them',
    path: ['basic'],
  });

const flagFile = z.strictObject({
  id,
  kind: z.literal('flag-file'),
  /** Relative to the targets file. */
  path: z.string().min(1),
  flag: template(/^[A-Za-z0-9._-]*(\$lifecycle)?[A-Za-z0-9._-]*$/, 'name a flag: letters, digits, . _ -')
    .min(1)
    .default('airworthy-$lifecycle'),
});

const http = z.strictObject({
  id,
  kind: z.literal('http'),
  url: address,
  bearer: secretRef.exactOptional(),
  timeout,
});

const target = z.discriminatedUnion('kind', [webhook, mlflow, flagFile, http], {
  error: 'must be "webhook", "mlflow", "flag-file" or "http"',
});

const route = z
  .strictObject({
    lifecycles: z
      .array(z.union([z.literal('*'), field.lifecycleKey]))
      .min(1)
      .exactOptional(),
    teams: z.array(z.string().min(1).max(64)).min(1).exactOptional(),
    /** In the order in which exposure is raised. */
    apply: z.array(id).min(1),
  })
  .refine(({ lifecycles, teams }) => lifecycles !== undefined || teams !== undefined, {
    error: 'says nothing of whom it is for: add lifecycles or teams; lifecycles: ["*"] is everybody',
  });

/** The whole file; the first route that fits a lifecycle is its route. */
export const releaseTargetsForm = z
  .strictObject({ targets: z.array(target).min(1), routes: z.array(route).min(1) })
  .superRefine(({ targets, routes }, context) => {
    const ids = targets.map((each) => each.id);
    const wrong = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: 'custom', path, message });
    for (const [index, one] of ids.entries()) {
      if (ids.indexOf(one) !== index) wrong(['targets', index, 'id'], `"${one}" is there twice; rename one`);
    }
    for (const [at, { apply }] of routes.entries()) {
      for (const [index, one] of apply.entries()) {
        if (!ids.includes(one))
          wrong(['routes', at, 'apply', index], `there is no target "${one}"; known are ${ids.join(', ')}`);
        if (apply.indexOf(one) !== index)
          wrong(['routes', at, 'apply', index], `"${one}" is there twice; keep one`);
      }
    }
  });

export type WrittenTargets = z.output<typeof releaseTargetsForm>;
export type WrittenTarget = WrittenTargets['targets'][number];

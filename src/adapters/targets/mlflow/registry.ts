/** The part of MLflow's REST API that a release target needs: one registered model, its tags and aliases. */
import { z } from 'zod';
import { TargetUnavailable } from '../../../ports/release-target.js';
import type { JsonAnswer } from '../../egress/call-json.js';
import type { Egress } from '../../egress/egress.js';
import { ask } from '../asking.js';

export interface RegistryOptions {
  readonly egress: Egress;
  /** Of the tracking server, without `/api`. */
  readonly url: string;
  /** `Authorization`, at each call; undefined: none is asked for. */
  readonly authorization: (() => Promise<string>) | undefined;
  readonly timeoutMs: number;
}

export interface RegisteredModel {
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly aliases: readonly { readonly alias: string; readonly version: string }[];
}

const modelForm = z.object({
  registered_model: z.object({
    tags: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
    aliases: z.array(z.object({ alias: z.string(), version: z.coerce.string() })).default([]),
  }),
});

const versionForm = z.object({
  name: z.string(),
  version: z.coerce.string(),
  status: z.string().default('READY'),
  tags: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
});
type ModelVersion = z.infer<typeof versionForm>;

const oneVersionForm = z.object({ model_version: versionForm });
const versionsForm = z.object({ model_versions: z.array(versionForm).default([]) });
const problemForm = z.object({ error_code: z.string(), message: z.string().default('') });

/**
 * One effect or question each. Every method throws `TargetUnavailable`; questions also the signal's reason. A change
 * knows no signal: one that was left in flight could arrive after the next effect.
 */
export interface Registry {
  /** Undefined where there is no such model. */
  model(name: string, signal: AbortSignal | undefined): Promise<RegisteredModel | undefined>;
  /** Versions of a model with a tag of this value. */
  tagged(name: string, tag: string, value: string, signal: AbortSignal): Promise<readonly ModelVersion[]>;
  version(name: string, alias: string, signal: AbortSignal | undefined): Promise<ModelVersion | undefined>;
  setTag(name: string, key: string, value: string): Promise<void>;
  deleteTag(name: string, key: string): Promise<void>;
  setAlias(name: string, alias: string, version: string): Promise<void>;
  deleteAlias(name: string, alias: string): Promise<void>;
}

const OF_MODEL = 'registered-models';

export function createRegistry({ egress, url, authorization, timeoutMs }: RegistryOptions): Registry {
  const base = `${url.replace(/\/$/, '')}/api/2.0/mlflow`;

  const call = async (
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    fields: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<JsonAnswer> => {
    const headers: Record<string, string> = authorization ? { authorization: await authorization() } : {};
    const query = method === 'GET' ? `?${new URLSearchParams(fields).toString()}` : '';
    const content = method === 'GET' ? undefined : fields;
    return ask(egress, { method, url: `${base}/${path}${query}`, content, headers, timeoutMs, signal });
  };

  /** Undefined for what does not exist, as MLflow says it: any other 404 says nothing. */
  const read = async <R>(
    form: z.ZodType<R>,
    path: string,
    fields: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<R | undefined> => {
    const answer = await call('GET', path, fields, signal);
    if (isMissing(answer)) return undefined;
    const parsed = form.safeParse(answer.body);
    if (answer.status === 200 && parsed.success) return parsed.data;
    throw unclear(path, answer);
  };

  const change = async (
    method: 'POST' | 'DELETE',
    path: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<void> => {
    const answer = await call(method, path, fields, undefined);
    if (answer.status !== 200 && !(method === 'DELETE' && isMissing(answer))) throw unclear(path, answer);
  };

  return {
    model: async (name, signal) =>
      (await read(modelForm, `${OF_MODEL}/get`, { name }, signal))?.registered_model,
    async tagged(name, tag, value, signal) {
      const filter = `name = '${name}' and tags.${tag} = '${value}'`;
      const found = await read(versionsForm, 'model-versions/search', { filter, max_results: '100' }, signal);
      // Asked again here: a server that does not know the filter would give any version for the one.
      return (found?.model_versions ?? []).filter(
        (each) => each.name === name && each.tags.some((one) => one.key === tag && one.value === value),
      );
    },
    version: async (name, alias, signal) =>
      (await read(oneVersionForm, `${OF_MODEL}/alias`, { name, alias }, signal))?.model_version,
    setTag: (name, key, value) => change('POST', `${OF_MODEL}/set-tag`, { name, key, value }),
    deleteTag: (name, key) => change('DELETE', `${OF_MODEL}/delete-tag`, { name, key }),
    setAlias: (name, alias, version) => change('POST', `${OF_MODEL}/alias`, { name, alias, version }),
    deleteAlias: (name, alias) => change('DELETE', `${OF_MODEL}/alias`, { name, alias }),
  };
}

function isMissing({ status, body }: JsonAnswer): boolean {
  return status === 404 && problemForm.safeParse(body).data?.error_code === 'RESOURCE_DOES_NOT_EXIST';
}

function unclear(path: string, { status, body }: JsonAnswer): TargetUnavailable {
  const told = problemForm.safeParse(body).data;
  const what = told ? `${told.error_code}: ${told.message.slice(0, 200)}` : 'nothing that can be understood';
  return new TargetUnavailable(`MLflow answered ${status} to ${path}: ${what}`);
}

import { dirname, resolve } from 'node:path';
import { elapsedOf } from '../../contracts/duration-text.js';
import {
  releaseTargetsForm,
  type WrittenTarget,
  type WrittenTargets,
} from '../../contracts/release-targets.js';
import type { SecretRef } from '../../contracts/secret-ref.js';
import { type ReleaseTarget, TargetUnavailable } from '../../ports/release-target.js';
import { createOwnEgress } from '../egress/own-egress.js';
import { createHttpReleaseTarget } from '../http-release-target.js';
import { createSecrets, type SecretOf } from '../secrets.js';
import { reason } from '../system-error.js';
import { followYamlFile } from '../yaml-file.js';
import { createCompositeTarget } from './composite-target.js';
import { createFlagFileTarget } from './flag-file/flag-file-target.js';
import { createMlflowTarget } from './mlflow/mlflow-target.js';
import { createRegistry } from './mlflow/registry.js';
import { createRoutedTarget, type Route } from './routed-target.js';
import { createWebhookTarget } from './webhook-target.js';

export interface TargetsOptions {
  /** The targets file, YAML. */
  readonly path: string;
  /** Where `{env: NAME}` looks. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Networks that addresses in the file may lead into although they are private. */
  readonly privateNetworks: readonly string[];
}

/**
 * The targets of a file, read again whenever it was written to. Throws at once where the file, or a secret that it
 * speaks of, is missing or wrong; later that is a target that is unavailable, until somebody has mended it.
 */
export async function openTargets({
  path,
  variables,
  privateNetworks,
}: TargetsOptions): Promise<ReleaseTarget> {
  const folder = dirname(resolve(path));
  const secretOf = createSecrets(variables, folder);
  const opening = { folder, secretOf: unavailableWithout(secretOf), privateNetworks };
  const file = followYamlFile(path, releaseTargetsForm, (written) => ({
    written,
    routes: routesOf(written, opening),
  }));

  const { written } = await file();
  for (const ref of written.targets.flatMap(secretsIn)) await secretOf(ref);

  return createRoutedTarget(async () => {
    try {
      return (await file()).routes;
    } catch (cause) {
      throw new TargetUnavailable(`the targets file cannot be used: ${reason(cause)}`, { cause });
    }
  });
}

interface Opening {
  readonly folder: string;
  readonly secretOf: SecretOf;
  readonly privateNetworks: readonly string[];
}

function routesOf({ targets, routes }: WrittenTargets, opening: Opening): readonly Route[] {
  const byId = new Map(targets.map((written) => [written.id, targetOf(written, opening)]));
  return routes.map(({ apply, ...whom }) => ({
    ...whom,
    target: createCompositeTarget(
      apply.flatMap((id) => {
        const target = byId.get(id);
        return target ? [{ id, target }] : [];
      }),
    ),
  }));
}

function targetOf(written: WrittenTarget, { folder, secretOf, privateNetworks }: Opening): ReleaseTarget {
  if (written.kind === 'flag-file')
    return createFlagFileTarget({ path: resolve(folder, written.path), flag: written.flag });
  const { url } = written;
  const egress = createOwnEgress(url, privateNetworks);
  const timeoutMs = elapsedOf(written.timeout);
  switch (written.kind) {
    case 'webhook': {
      const { secrets } = written;
      return createWebhookTarget({
        egress,
        url,
        timeoutMs,
        secrets: () => Promise.all(secrets.map(secretOf)),
      });
    }
    case 'mlflow': {
      const { model, aliases } = written;
      const authorization = authorizationOf(written, secretOf);
      return createMlflowTarget({
        registry: createRegistry({ egress, url, timeoutMs, authorization }),
        model,
        aliases,
      });
    }
    case 'http': {
      const { bearer } = written;
      return createHttpReleaseTarget({
        baseUrl: url,
        timeoutMs,
        privateNetworks,
        ...(bearer && { bearer: () => secretOf(bearer) }),
      });
    }
  }
}

function authorizationOf(
  { bearer, basic }: Extract<WrittenTarget, { kind: 'mlflow' }>,
  secretOf: SecretOf,
): (() => Promise<string>) | undefined {
  if (bearer) return async () => `Bearer ${await secretOf(bearer)}`;
  if (!basic) return undefined;
  const { user, password } = basic;
  return async () => `Basic ${Buffer.from(`${user}:${await secretOf(password)}`).toString('base64')}`;
}

function secretsIn(written: WrittenTarget): readonly SecretRef[] {
  switch (written.kind) {
    case 'webhook':
      return written.secrets;
    case 'mlflow':
      return [written.bearer, written.basic?.password].filter((ref) => ref !== undefined);
    case 'http':
      return written.bearer ? [written.bearer] : [];
    case 'flag-file':
      return [];
  }
}

function unavailableWithout(secretOf: SecretOf): SecretOf {
  return (ref) =>
    secretOf(ref).catch((cause: unknown) => {
      throw new TargetUnavailable(reason(cause), { cause });
    });
}

import type { CommandBody } from '../../contracts/commands.js';
import type { Digest } from '../../domain/digest.js';
import type { LifecycleView } from '../../domain/lifecycle/view.js';
import { Problem } from '../problem.js';
import type { IntakeContext } from './context.js';

/** Digests of what evidence speaks about. Labels count only for what is open now, or serves: an earlier one is refused. */
export async function evidenceSubjects(
  { about, spec, release }: CommandBody<'add-evidence'>,
  { view }: Pick<IntakeContext, 'view'>,
): Promise<readonly Digest[]> {
  if (about !== undefined) return about;
  const now = subjectsNow(await view());
  if (spec !== undefined && spec !== now.spec?.version) {
    throw another('spec', `version ${spec} of the spec`, now.spec && `version ${now.spec.version}`);
  }
  if (release !== undefined && release !== now.release?.label) {
    throw another('release', `release ${release}`, now.release?.label);
  }
  const digests = [now.spec?.digest, release === undefined ? undefined : now.release?.digest];
  return digests.flatMap((digest) => digest ?? []);
}

interface Subjects {
  readonly spec: { readonly version: number; readonly digest: Digest } | null;
  readonly release: { readonly label: string; readonly digest: Digest } | null;
}

function subjectsNow({ delivery, serving }: LifecycleView): Subjects {
  if (delivery !== null) return delivery;
  return { spec: null, release: serving && { label: serving.label, digest: serving.release } };
}

function another(field: 'spec' | 'release', named: string, open: string | null | undefined): Problem {
  const there = open === undefined || open === null ? 'there is none now' : `that is ${open}`;
  const message = `it speaks about ${named}, and not about the ${field} of what is open or serves: ${there}`;
  return new Problem('evidence-about-another-release', message, {
    reasons: [{ code: 'evidence-about-another-release', message, pointer: `/${field}` }],
  });
}

import type { Actor } from '../../domain/lifecycle/actor.js';
import { type Proof, proofForm } from './proof.js';
import { isTrust, type Trust } from './roots.js';
import type { Signable } from './statement.js';

/** What travels with a start under trust `signed`: that the API began it, and under which request. */
export interface StartProof {
  readonly id: string;
  readonly digest: string;
  readonly proof: Proof;
}

/** What of a start is signed: from which documents it begins, and whom it believes. */
export function signableStart(
  start: { readonly key: string; readonly actor: Actor; readonly recordedAs: string },
  trust: Trust,
  { id, digest }: Pick<StartProof, 'id' | 'digest'>,
): Signable {
  const { key, actor, recordedAs } = start;
  const believed = trust === 'dev' ? trust : { roots: trust.roots, serial: trust.serial };
  return {
    lifecycle: key,
    command: 'start',
    id,
    digest,
    actor,
    payload: { start: recordedAs, trust: believed },
  };
}

/** The trust and the proof in the argument of a first run, however wrong the rest of it is; undefined: none. */
export function provenIn(argument: unknown): (StartProof & { readonly trust: Trust }) | undefined {
  const { trust, proof: carried } = (argument ?? {}) as { trust?: unknown; proof?: Partial<StartProof> };
  if (!isTrust(trust) || typeof carried !== 'object' || carried === null) return undefined;
  const { id, digest } = carried;
  const proof = proofForm().safeParse(carried.proof).data;
  if (typeof id !== 'string' || typeof digest !== 'string' || proof === undefined) return undefined;
  return { id, digest, proof, trust };
}

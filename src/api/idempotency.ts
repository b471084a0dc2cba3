import { createHash, randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { canonicalForm } from '../domain/digest.js';
import type { Json } from '../domain/json.js';
import { Problem } from './problem.js';

const RECENT = 2_000;

/** Who repeats what: the same for every repetition of one request, however often it is sent. */
export interface CommandIdentity {
  /** Hash of principal and idempotency key: 22 characters. */
  readonly id: string;
  /** Hash of command and body: 16 characters. The lifecycle remembers both, so they are short. */
  readonly digest: string;
}

/**
 * Identifies a request by its `Idempotency-Key`; one without gets a key, answered in the same header, so that
 * a request whose outcome is unknown can be repeated safely. Throws `Problem` for a malformed key.
 */
export function identify(
  request: Request,
  response: Response,
  principal: string,
  command: string,
  body: Json,
): CommandIdentity {
  const given = request.get('idempotency-key');
  if (given !== undefined && !/^[\x21-\x7e]{1,255}$/.test(given)) {
    throw new Problem('invalid-body', 'Idempotency-Key takes 1 to 255 visible ASCII characters');
  }
  const key = given ?? randomUUID();
  response.set('Idempotency-Key', key);
  return {
    id: hash(`${principal}\n${key}`).slice(0, 22),
    digest: hash(`${command}\n${canonicalForm(body)}`).slice(0, 16),
  };
}

/** The last few thousand requests that were accepted here, so that a repetition is known as one. */
export class RecentIdentities {
  readonly #kept = new Set<string>();

  has({ id, digest }: CommandIdentity): boolean {
    return this.#kept.has(id + digest);
  }

  add({ id, digest }: CommandIdentity): void {
    this.#kept.add(id + digest);
    const [oldest] = this.#kept;
    if (this.#kept.size > RECENT && oldest !== undefined) this.#kept.delete(oldest);
  }
}

/** The version a client says it saw (`If-Match: "7"`); undefined without that header, or for any version. */
export function expectedVersion(request: Request): number | undefined {
  const given = request.get('if-match');
  if (given === undefined || given.trim() === '*') return undefined;
  const [, version] = /^"(\d{1,15})(?:\+\d{1,15})?"$/.exec(given.trim()) ?? [];
  if (version === undefined) {
    throw new Problem(
      'version-conflict',
      'If-Match takes one ETag of this lifecycle, such as "7"; read it again',
    );
  }
  return Number(version);
}

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url');

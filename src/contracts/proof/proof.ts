/** What proves that the API sent a command, and how that is checked. */
import { z } from 'zod';
import { canonicalForm, type Digest } from '../../domain/digest.js';
import type { Instant } from '../../domain/vocabulary.js';
import { type Certificate, certificateBody, certificateForm } from './certificate.js';
import { isSignedBy, keyIdOf, type SignedType, signed } from './dsse.js';
import { type Signable, type Statement, statementOf, type Term } from './statement.js';

/** Travels with a command. The statement that it signs is made again from the command itself. */
export interface Proof extends Term {
  readonly certificate: Certificate;
  /** By the certified key, over the statement. */
  readonly signature: string;
}

/** A proof with the statement that it is of: whoever keeps both needs nothing else to verify. */
export interface Proven {
  readonly statement: Statement;
  readonly certificate: Certificate;
  readonly signature: string;
}

/** No command is believed longer: for a day a lifecycle remembers which it has done, whatever the clocks say. */
export const LONGEST_TERM_MS = 23 * 3_600_000;
/** Clocks of API and engine may differ by that much. */
export const SKEW_MS = 30_000;

const form = z.strictObject({
  issued: signed.instant,
  expires: signed.instant,
  policy: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .nullable(),
  certificate: certificateForm(),
  signature: signed.signature,
}) satisfies z.ZodType<Proof & { policy: Digest | null }>;

/** The form of a proof, for what carries one. */
export const proofForm: () => z.ZodType<Proof> = () => form;

/** Why a proof proves nothing. */
export type Doubt =
  | 'unsigned'
  | 'not-yet-valid'
  | 'expired'
  | 'unknown-root'
  | 'uncertified-key'
  | 'outside-certificate'
  | 'another-statement';

/** Checks signatures, and remembers what came of it: validator and handler of one command ask the same. */
export type SignatureCheck = (key: string, signature: string, type: SignedType, body: string) => boolean;

/** A check that remembers the last few answers. It asks for the whole question, so that it can only repeat itself. */
export function rememberingCheck(kept = 32, check: SignatureCheck = isSignedBy): SignatureCheck {
  const known = new Map<string, boolean>();
  return (key, signature, type, body) => {
    const question = `${key} ${signature} ${type} ${body}`;
    const answer = known.get(question) ?? check(key, signature, type, body);
    // Put last again: what is asked with every command, the certificate, stays.
    known.delete(question);
    known.set(question, answer);
    const [oldest] = known.keys();
    if (known.size > kept && oldest !== undefined) known.delete(oldest);
    return answer;
  };
}

/** Why this proof does not prove this command to somebody who believes these root keys; undefined: it does. */
export function doubtOf(
  signable: Signable,
  proof: Proof | undefined,
  roots: readonly string[],
  now: Instant,
  check: SignatureCheck = isSignedBy,
): Doubt | undefined {
  if (proof === undefined) return 'unsigned';
  const { issued, expires, certificate, signature } = proof;
  const doubt = doubtOfTerm({ issued, expires }, certificate, roots, now, check);
  if (doubt !== undefined) return doubt;
  const statement = canonicalForm(statementOf(signable, proof));
  return check(certificate.key, signature, 'statement', statement) ? undefined : 'another-statement';
}

/** The same of a proof that was kept with its statement, at the instant when that was acted on. */
export function doubtOfProven(
  { statement, certificate, signature }: Proven,
  roots: readonly string[],
  at: Instant,
): Doubt | undefined {
  const { issued, expires } = statement.predicate;
  const instant = (written: unknown) => (typeof written === 'string' ? Date.parse(written) : Number.NaN);
  const term = { issued: instant(issued), expires: instant(expires) };
  const signed = isSignedBy(certificate.key, signature, 'statement', canonicalForm(statement));
  return doubtOfTerm(term, certificate, roots, at, isSignedBy) ?? (signed ? undefined : 'another-statement');
}

function doubtOfTerm(
  { issued, expires }: Pick<Term, 'issued' | 'expires'>,
  certificate: Certificate,
  roots: readonly string[],
  now: Instant,
  check: SignatureCheck,
): Doubt | undefined {
  // Asked this way round, so that what is no number is in doubt.
  if (!(issued <= now + SKEW_MS)) return 'not-yet-valid';
  if (!(now < expires && expires - issued <= LONGEST_TERM_MS)) return 'expired';
  // Within its certificate by both ends, so that a key that has been replaced cannot date back what it signs.
  if (issued < certificate.notBefore || expires > certificate.notAfter) return 'outside-certificate';
  const root = roots.find((key) => keyIdOf(key) === certificate.root);
  if (root === undefined) return 'unknown-root';
  const body = certificateBody(certificate);
  return check(root, certificate.signature, 'certificate', body) ? undefined : 'uncertified-key';
}

/** What a ledger keeps of a proof. */
export function provenOf(signable: Signable, { certificate, signature, ...term }: Proof): Proven {
  return { statement: statementOf(signable, term), certificate, signature };
}

/** The one place where the API says that a command is its own: whatever it sends is proven here, or believed by nobody. */
import type { Envelope } from '../contracts/envelope.js';
import type { ItemEnvelope } from '../contracts/item-envelope.js';
import { LONGEST_TERM_MS, type Proof } from '../contracts/proof/proof.js';
import type { Trust } from '../contracts/proof/roots.js';
import { type StartProof, signableStart } from '../contracts/proof/start.js';
import { type Signable, statementOf } from '../contracts/proof/statement.js';
import type { CommandName } from '../domain/commands/payloads.js';
import { isStricter } from '../domain/commands/table.js';
import { canonicalForm, type Digest } from '../domain/digest.js';
import type { StartInput } from '../domain/lifecycle/start-input.js';
import type { ItemCommandName } from '../domain/operations/item-commands.js';
import type { Signer } from '../ports/signer.js';
import type { CommandIdentity } from './idempotency.js';
import type { LifecycleGateway } from './lifecycle-gateway.js';
import { Problem } from './problem.js';
import { URGENT } from './urgent.js';

/** Longer than any command waits for its answer, and short enough that nobody keeps one for later. */
const TERM_MS = 5 * 60_000;
const POLICIES_KEPT = 20_000;

export interface Prover {
  /** What lifecycles that start now believe. */
  trust(): Promise<Trust>;
  /**
   * The envelope with its proof, for somebody else to send: under the rules as they are now, since nobody asks for them
   * again where they have changed.
   */
  prove<N extends CommandName>(key: string, name: N, envelope: Envelope<N>): Promise<Envelope<N>>;
  /** The same of a command to an item, which was opened under terms of its own. */
  proveItem<E extends ItemEnvelope>(lifecycle: string, name: ItemCommandName, envelope: E): Promise<E>;
  /** The same for a command to what is no lifecycle; `to` is its workflow's id, `policy` the rules it is under. */
  proveTo<E extends Omit<Signable, 'lifecycle' | 'command'>>(
    to: string,
    command: Signable['command'],
    envelope: E,
    policy: Digest | null,
  ): Promise<E & { readonly proof?: Proof }>;
  /** That the API started a lifecycle; undefined under trust `dev`. */
  proveStart(start: StartInput, trust: Trust, identity: CommandIdentity): Promise<StartProof | undefined>;
  /** Proves and sends; again where the rules have changed since they were last asked for. */
  sending<N extends CommandName, R>(
    key: string,
    name: N,
    envelope: Envelope<N>,
    send: (proven: Envelope<N>) => Promise<R>,
  ): Promise<R>;
}

/** Without a signer, under trust `dev`, everything goes as it is. */
export function createProver(signer: Signer | undefined, gateway: Pick<LifecycleGateway, 'view'>): Prover {
  const policies = new Map<string, Digest>();

  const policyOf = async (key: string, name: CommandName, envelope: Envelope): Promise<Digest | null> => {
    const known = policies.get(key);
    if (known !== undefined) return known;
    // What stops things must not wait for a worker to answer.
    if (isStricter(name, envelope.payload as never)) return null;
    const { model } = await gateway.view(key, envelope.actor);
    if (policies.size >= POLICIES_KEPT) policies.clear();
    policies.set(key, model.digest);
    return model.digest;
  };

  const proofOf = async (
    signer: Signer,
    signable: Signable,
    policy: Digest | null,
    termMs: number = TERM_MS,
  ): Promise<Proof> => {
    const now = Date.now();
    const { certificate, sign } = await signer.key(now);
    const term = { issued: now, expires: Math.min(now + termMs, certificate.notAfter), policy };
    return { ...term, certificate, signature: sign(canonicalForm(statementOf(signable, term))) };
  };

  const proven = async <N extends CommandName>(
    key: string,
    name: N,
    envelope: Envelope<N>,
  ): Promise<Envelope<N>> => {
    if (signer === undefined) return envelope;
    const policy = await policyOf(key, name, envelope);
    const termMs = URGENT.includes(name) ? LONGEST_TERM_MS : TERM_MS;
    const signable = { lifecycle: key, command: name, ...envelope };
    return { ...envelope, proof: await proofOf(signer, signable, policy, termMs) };
  };

  return {
    trust: async () => (signer === undefined ? 'dev' : signer.roots()),

    async prove(key, name, envelope) {
      policies.delete(key);
      return proven(key, name, envelope);
    },

    async proveItem(lifecycle, name, envelope) {
      if (signer === undefined) return envelope;
      return { ...envelope, proof: await proofOf(signer, { lifecycle, command: name, ...envelope }, null) };
    },

    async proveTo(lifecycle, command, envelope, policy) {
      if (signer === undefined) return envelope;
      return { ...envelope, proof: await proofOf(signer, { lifecycle, command, ...envelope }, policy) };
    },

    async proveStart(start, trust, { id, digest }) {
      if (signer === undefined) return undefined;
      const signable = signableStart(start, trust, { id, digest });
      return { id, digest, proof: await proofOf(signer, signable, start.model.digest) };
    },

    async sending(key, name, envelope, send) {
      try {
        return await send(await proven(key, name, envelope));
      } catch (error) {
        if (!(error instanceof Problem && error.code === 'stale-policy')) throw error;
        policies.delete(key);
        return send(await proven(key, name, envelope));
      }
    },
  };
}

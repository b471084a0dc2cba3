/** Whom a run believes: which root keys, what a message proves by them, and how that may change while it runs. */

import { keyIdOf } from '../contracts/proof/dsse.js';
import { type Doubt, doubtOf, type Proof, rememberingCheck } from '../contracts/proof/proof.js';
import { isTrust, type RootSet, succeeds, type Trust } from '../contracts/proof/roots.js';
import type { Signable } from '../contracts/proof/statement.js';
import type { CommandName } from '../domain/commands/payloads.js';
import type { Instant } from '../domain/vocabulary.js';

/** How far a message is believed; `dev`: nobody asks for proof. */
export type Standing = 'dev' | 'verified' | Doubt;

/** What may stop things without proof: whoever can send it does no harm that somebody verified cannot mend. */
const WITHOUT_PROOF: readonly CommandName[] = ['stop-ship', 'hold'];

/** Why a message is not believed, and what to do. */
const SAID: { readonly [D in Doubt]: string } = {
  unsigned:
    'it carries no proof that the API sent it; send it through the API, or with what POST /v1/envelopes gives',
  'not-yet-valid': 'its proof is dated ahead of now; have the clocks of API and engine set right',
  expired: 'its proof is over; have a new one made',
  'unknown-root':
    'its key is certified by a root key that this lifecycle does not know; tell it of that root first',
  'uncertified-key': 'no root key certified the key that signed it; have the key certified',
  'outside-certificate': 'its key was not certified for that time; have the key certified anew',
  'another-statement': 'its proof is of something else: another command, lifecycle, person, payload or key',
};

export class Belief {
  #trust: Trust;
  readonly #check = rememberingCheck();

  /** Throws a TypeError for a trust that nobody can be believed by. */
  constructor(trust: unknown) {
    if (!isTrust(trust)) throw new TypeError('trust is dev, or roots (public keys in hex) with a serial');
    this.#trust = trust;
  }

  /** As it is carried over. */
  get trust(): Trust {
    return this.#trust;
  }

  /** How far a message is believed at this instant. */
  of(signable: Signable, proof: Proof | undefined, now: Instant): Standing {
    if (this.#trust === 'dev') return 'dev';
    return doubtOf(signable, proof, this.#trust.roots, now, this.#check) ?? 'verified';
  }

  /** Takes over other root keys, where a root that is believed names them; false: nothing has changed. */
  take(set: RootSet): boolean {
    if (this.#trust === 'dev' || !succeeds(set, this.#trust)) return false;
    this.#trust = { roots: set.roots, serial: set.serial };
    return true;
  }
}

/** Whether a command may be done although nothing proves it. */
export function stopsWithoutProof(name: CommandName): boolean {
  return WITHOUT_PROOF.includes(name);
}

/** A sentence for whoever is not believed. */
export function saidOf(doubt: Doubt): string {
  return `it is not believed: ${SAID[doubt]}`;
}

/** Ids of root keys, as records name them. */
export function rootIds({ roots }: RootSet): string[] {
  return roots.map(keyIdOf);
}

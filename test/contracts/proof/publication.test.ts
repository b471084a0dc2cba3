import { describe, expect, it } from 'vitest';
import { provenOf } from '../../../src/contracts/proof/proof.js';
import { isApproved } from '../../../src/contracts/proof/publication.js';
import { digestOf } from '../../../src/domain/digest.js';
import type { BusinessFunction } from '../../../src/domain/vocabulary.js';
import { Authority } from '../../support/signing.js';

const NOW = Date.parse('2026-11-24T06:00:00Z');
const authority = new Authority();
const MODEL = digestOf({ model: 8 });
const EFFECTS = digestOf({ effects: 1 });
const SUBJECT = digestOf({ model: MODEL, effects: EFFECTS });
const PROPOSAL = 'policy/standard/8';

interface Said {
  readonly proposal?: string;
  readonly subject?: string;
  readonly decision?: string;
  readonly roles?: readonly string[];
  readonly by?: Authority;
}

function decision(person: string, functions: readonly BusinessFunction[], said: Said = {}) {
  const {
    proposal = PROPOSAL,
    subject = SUBJECT,
    decision: given = 'approve',
    roles = [],
    by = authority,
  } = said;
  const payload = { gate: 'policy', generation: 1, subject, decision: given };
  const actor = { person, functions, roles, teams: ['policy-office'], verified: false };
  const signable = {
    lifecycle: proposal,
    command: 'decide',
    id: person,
    digest: 'd',
    actor,
    payload,
  } as const;
  return { at: NOW, proof: JSON.parse(JSON.stringify(provenOf(signable, by.proof(signable, NOW)))) };
}

const approved = (...decisions: readonly ReturnType<typeof decision>[]) =>
  isApproved({ proposal: PROPOSAL, digest: MODEL, effects: EFFECTS, decisions }, authority.trust.roots);

const governance = decision('indra', ['governance']);
const risk = decision('yash', ['risk']);

describe('a publication is believed', () => {
  it('where one of governance and one of risk signed for this model with these effects', () => {
    expect(approved(governance, risk)).toBe(true);
    expect(approved(decision('one', ['governance', 'risk']), decision('two', ['governance', 'risk']))).toBe(
      true,
    );
  });

  it.each<[string, readonly ReturnType<typeof decision>[]]>([
    ['nobody signed', []],
    ['only one did', [governance]],
    ['one did twice', [governance, governance]],
    ['one person of both functions did', [decision('both', ['governance', 'risk'])]],
    [
      'another model was approved',
      [governance, decision('yash', ['risk'], { subject: digestOf({ model: 9 }) })],
    ],
    ['another proposal was', [governance, decision('yash', ['risk'], { proposal: 'policy/standard/9' })]],
    ['one rejected', [governance, decision('yash', ['risk'], { decision: 'reject' })]],
    ['one edits operating models', [governance, decision('yash', ['risk'], { roles: ['policy-editor'] })]],
    ['somebody else signed', [governance, decision('yash', ['risk'], { by: new Authority() })]],
    [
      'a proof is none',
      [governance, { at: NOW, proof: undefined }, { at: NOW, proof: { statement: 'x' } as never }],
    ],
    ['it was signed long before', [governance, { ...risk, at: NOW + 86_400_000 }]],
  ])('but not where %s', (_, decisions) => {
    expect(approved(...decisions)).toBe(false);
  });

  it('nor where what was said was changed afterwards', () => {
    const { at, proof } = structuredClone(decision('yash', ['engineering']));
    proof.statement.predicate.actor.functions = ['risk'];
    expect(approved(governance, { at, proof })).toBe(false);
  });
});

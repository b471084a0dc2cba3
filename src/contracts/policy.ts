/** What is asked and answered over HTTP about operating models on their way to being published. */
import { z } from 'zod';
import { DECISIONS, MODES, STAGES } from '../domain/vocabulary.js';
import { field, text } from './fields.js';

const written = z.string().min(1).max(120_000);
const at = z.number().meta({ description: 'Milliseconds since 1970-01-01T00:00:00Z.' });
const ref = z.object({ version: z.int(), digest: field.digest });

const source = {
  text: written.meta({ description: 'The model as YAML or JSON, as a file of operating-models has it.' }),
  beside: z
    .record(z.string().max(100), written)
    .exactOptional()
    .meta({ description: 'Texts of the files that it extends, by name.' }),
};

export const proposeForm = z.strictObject({ ...source, reason: text('Why the rules have to change.') });

/** Without a text: of the version that was proposed, and then it opens its gate. */
export const dryRunForm = z.strictObject({ text: source.text.exactOptional(), beside: source.beside });

export const decidePolicyForm = z.strictObject({
  generation: z.int().min(1).meta({ description: 'Number of the opening that you decide at.' }),
  subject: field.digest.meta({
    description: 'What you decide on: the model with the effects that were listed.',
  }),
  seat: z.string().min(1).max(64).exactOptional(),
  decision: z.enum(DECISIONS),
  comment: text('For the others, and for whoever proposed it.').exactOptional(),
});

export const withdrawPolicyForm = z.strictObject({ reason: text('Why it is withdrawn.') });
export const emptyForm = z.strictObject({});

export const POLICY_EXAMPLES = {
  propose: {
    text: 'extends: standard.yaml\nname: standard\nversion: 8\n',
    beside: { 'standard.yaml': '…' },
    reason: 'The regulator asks for a red-team of every medium use case from March on.',
  },
  decide: {
    generation: 1,
    subject: `sha256:${'5f'.repeat(32)}`,
    decision: 'approve',
    comment: 'Three live use cases get twenty business days; that is enough.',
  },
  withdraw: { reason: 'The limit was misread.' },
} as const;

const difference = z
  .looseObject({
    kind: z.enum([
      'tier',
      'fact',
      'gate-required',
      'gate-dropped',
      'seats',
      'sla',
      'evidence',
      'remediation',
      'unstaffed',
      'right',
      'decision',
      'returned',
      'cap',
      'hold',
      'term',
      'calendar',
    ]),
    message: z.string().meta({ description: 'The same in words.' }),
  })
  .meta({ id: 'PolicyDifference', description: 'What would be otherwise for one lifecycle.' });

export const dryRunReport = z
  .object({
    model: z.object({ name: z.string(), version: z.int(), digest: field.digest }),
    asOf: at,
    lifecycles: z.int().meta({ description: 'Open ones under an older version of this model.' }),
    affected: z.array(
      z.object({
        key: z.string(),
        title: z.string(),
        team: z.string(),
        stage: z.enum(STAGES),
        mode: z.enum(MODES),
        version: z.int().meta({ description: 'The version that rules there now.' }),
        differences: z.array(difference),
      }),
    ),
    unseen: z.array(z.string()).meta({ description: 'Lifecycles that could not be looked at.' }),
  })
  .meta({ id: 'PolicyDryRun', description: 'What a version would change, for every open lifecycle.' });
export type DryRunReport = z.output<typeof dryRunReport>;

export const proposalAnswer = z
  .object({
    name: z.string(),
    version: z.int(),
    digest: field.digest,
    replaces: ref.nullable(),
    status: z.enum([
      'proposed',
      'deciding',
      'approved',
      'publishing',
      'published',
      'returned',
      'rejected',
      'withdrawn',
      'lapsed',
    ]),
    proposer: z.string(),
    editors: z.array(z.string()).meta({ description: 'They never decide under it.' }),
    reason: field.digest,
    proposedAt: at,
    dryRun: z
      .object({
        report: field.digest,
        effects: field.digest,
        lifecycles: z.int(),
        affected: z.int(),
        unseen: z.int(),
        by: z.string(),
      })
      .nullable(),
    gate: z
      .object({
        generation: z.int(),
        subject: field.digest,
        status: z.enum(['open', 'confirming']),
        due: at,
        seats: z.array(z.object({ seat: z.string(), filledBy: z.string().nullable() })),
        decisions: z.array(z.object({ person: z.string(), decision: z.enum(DECISIONS) })),
        reaffirm: z.array(z.string()),
        waitingOn: z.array(z.string()),
      })
      .nullable(),
    approvedBy: z.array(z.string()),
    publishBy: at.nullable(),
  })
  .meta({
    id: 'PolicyProposal',
    description: 'A version of an operating model on its way to being published.',
  });

export const policyAnswer = z.object({ events: z.array(z.string()), proposal: proposalAnswer });
export const dryRunAnswer = z.object({
  report: dryRunReport,
  proposal: proposalAnswer.nullable().meta({ description: 'null: of a text that was not proposed.' }),
});

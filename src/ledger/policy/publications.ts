import type pg from 'pg';
import { reason } from '../../adapters/system-error.js';
import { isApproved } from '../../contracts/proof/publication.js';
import type { PolicyEventOf } from '../../domain/policy-change/events.js';
import { type LedgerEntry, LedgerUnavailable } from '../../ports/ledger.js';
import type { ProposedVersion, Publication, Publications } from '../../ports/publications.js';

/** By the index on the ids of what is no event: all that is about operating models has one of this prefix. */
const ENTRIES = {
  name: 'policy-entries',
  text: `SELECT body FROM ledger.entry WHERE seq IS NULL AND id >= 'policy/' AND id < 'policy0' AND type = ANY($1)
    ORDER BY position`,
};

/** A version is open until one of these. */
const ENDS = ['OperatingModelPublished', 'PolicyLapsed', 'PolicyGateClosed'];

/**
 * What the ledger says of operating models: that a version is published is an entry, and nothing else. With root
 * keys, that people approved it is only believed where their signed answers are in the ledger too.
 */
export function createPublications(pool: pg.Pool, roots?: () => Promise<readonly string[]>): Publications {
  const proven = new Set<string>();

  const entries = async (types: readonly string[]): Promise<readonly LedgerEntry[]> => {
    try {
      const { rows } = await pool.query<{ body: string }>({ ...ENTRIES, values: [types] });
      return rows.map(({ body }) => JSON.parse(body) as LedgerEntry);
    } catch (cause) {
      throw new LedgerUnavailable(`the published models cannot be read: ${reason(cause)}`, { cause });
    }
  };

  const prove = async (published: LedgerEntry): Promise<boolean> => {
    if (roots === undefined) return true;
    if (proven.has(published.id)) return true;
    const { digest, effects } = published.data as unknown as PolicyEventOf<'OperatingModelPublished'>;
    const proposal = proposalOf(published.id);
    const decisions = (await entries(['PolicyDecisionRecorded']))
      .filter(({ id }) => proposalOf(id) === proposal)
      .map(({ at, data }) => ({ at, proof: (data as { readonly proof?: unknown }).proof }));
    const answer = isApproved({ proposal, digest, effects, decisions }, await roots());
    if (answer) proven.add(published.id);
    return answer;
  };

  return {
    async published() {
      const found = await entries(['OperatingModelPublished']);
      return Promise.all(
        found.map(async (entry): Promise<Publication> => {
          const { name, version, digest } = entry.data as unknown as PolicyEventOf<'OperatingModelPublished'>;
          return { name, version, digest, at: entry.at, proven: await prove(entry) };
        }),
      );
    },

    async proposed() {
      const found = await entries(['OperatingModelProposed', ...ENDS]);
      const over = new Set(found.filter(ends).map(({ id }) => proposalOf(id)));
      return found
        .filter(({ type }) => type === 'OperatingModelProposed')
        .map(({ id, data, at }): ProposedVersion => {
          const { name, version, document, proposer } =
            data as unknown as PolicyEventOf<'OperatingModelProposed'>;
          return { name, version, digest: document, proposer, at, open: !over.has(proposalOf(id)) };
        });
    },
  };
}

/** A gate that passes or opens again is no end. */
function ends({ type, data }: LedgerEntry): boolean {
  if (type !== 'PolicyGateClosed') return ENDS.includes(type);
  const { outcome } = data as unknown as PolicyEventOf<'PolicyGateClosed'>;
  return outcome !== 'passed' && outcome !== 'superseded';
}

const proposalOf = (id: string): string => id.slice(0, id.lastIndexOf('/'));

import { noQuery } from '../../contracts/lists.js';
import { isDigest } from '../../domain/digest.js';
import { standingOf } from '../authorize.js';
import type { Api } from '../deps.js';
import { type GuardedRoute, route } from '../guarded-routes.js';
import { parseQuery } from '../parse-query.js';
import { Problem } from '../problem.js';
import { recordAccess } from '../record-access.js';

/** `GET /v1/lifecycles/{key}/documents/{digest}`: what a digest in the ledger of this lifecycle stands for. */
export function documentRoute({ documents, keeping, ledger }: Api): GuardedRoute {
  return route('document', async (request, response) => {
    const { key } = standingOf(response);
    const { digest } = request.params;
    parseQuery(noQuery, request);
    // One document may belong to several lifecycles, whose teams may not read each other's: the ledger decides.
    const kind = isDigest(digest) ? await keeping.referenced(key, digest) : undefined;
    const document = kind && (await documents.get(digest));
    if (kind === undefined || document === undefined) {
      const message = `${key} refers to no such document that is kept here, or not yet; check the digest`;
      throw new Problem('not-found', message);
    }
    if (kind === 'evidence') {
      await recordAccess(ledger, response, {
        kind: 'read',
        type: 'evidence',
        lifecycle: key,
        data: { digest },
      });
    }
    response.set('Cache-Control', 'no-store').json({ digest, class: kind, document });
  });
}

import { erasureForm } from '../../contracts/erasure.js';
import type { Digest } from '../../domain/digest.js';
import { LegalHold, NothingToErase } from '../../ports/document-keeping.js';
import { callerOf } from '../authenticate.js';
import type { Api } from '../deps.js';
import { type GuardedRoute, route } from '../guarded-routes.js';
import { identify } from '../idempotency.js';
import { BODY_LIMIT, jsonBody, readBody } from '../json-body.js';
import { parseBody } from '../parse-body.js';
import { Problem } from '../problem.js';

/** `POST /v1/ledger/erasures`: makes what somebody wrote unreadable for good. Auditors only. */
export function erasureRoute({ documents, keeping }: Api): GuardedRoute {
  return route('erase', readBody(BODY_LIMIT), async (request, response) => {
    const { id: by } = callerOf(response);
    const written = jsonBody(request);
    const { subject, reason: text } = parseBody(erasureForm, written);
    const { id, digest } = identify(request, response, by, 'erase', written);
    const reason: Digest = await documents.put({ text }, { subject: by });
    try {
      const at = Date.now();
      const erased = await keeping.erase({ id: `${id}.${digest}`, subject, by, reason, at });
      response.set('Cache-Control', 'no-store').json({ subject, ...erased });
    } catch (error) {
      throw problemOf(error);
    }
  });
}

function problemOf(error: unknown): unknown {
  if (error instanceof NothingToErase) return new Problem('not-found', error.message, { cause: error });
  if (!(error instanceof LegalHold)) return error;
  const reasons = error.lifecycles.map((key) => ({
    code: 'legal-hold',
    message: `${key} is under a legal hold; have it lifted there first`,
    fact: key,
  }));
  return new Problem('legal-hold', error.message, { reasons, cause: error });
}

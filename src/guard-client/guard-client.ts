import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Action, type Answer, unreachable } from './answers.js';
import { GuardMisused, NotAllowed } from './errors.js';

/**
 * How long a service waits for an answer. The server takes up to three seconds to open a review: whoever hangs up sooner
 * cannot tell whether it was one, and would take the default for it.
 */
const ANSWER_MS = 4_000;
const ENGINE_MS = 6_000;
/** How often the use of an approval is repeated whose answer was lost: under one key it is used once. */
const USES = 3;
const ASK_AGAIN_MS = 1_000;

export interface GuardClientSettings {
  /** Address of the API, such as https://airworthy.example. */
  readonly url: string;
  /** Key of the use case. */
  readonly lifecycle: string;
  /** An API key of the service, scoped to `check`. */
  readonly apiKey: string;
  /** Where nothing was heard from the guard yet: what is done without it. Block, where left out. */
  readonly untilHeard?: 'allow' | 'block';
  /**
   * Milliseconds to wait for an answer; 4000 where left out. With less, what is not answered may have been a review: it is
   * allowed by default only where `untilHeard` says `allow` too.
   */
  readonly timeoutMs?: number;
}

export interface GuardClient {
  /**
   * Asks whether the action may be taken. Act on `allow` and on nothing else. Where nobody answers in time, the answer is
   * the default that the spec was last heard to have. Throws `GuardMisused`.
   */
  check(action: Action): Promise<Answer>;
  /** Uses the approval of an item for this very action, once. Throws `GuardMisused`. */
  use(item: string, action: Action): Promise<Answer>;
  /**
   * Takes the action if it is allowed, and after a person's approval where that comes within `waitMs` (0 where left out).
   * Throws `NotAllowed`, `GuardMisused`, and what `act` throws.
   */
  perform<T>(action: Action, act: () => Promise<T>, options?: { readonly waitMs?: number }): Promise<T>;
}

/** A client for one use case. Keeps nothing but the default that it last heard. */
export function createGuardClient({
  url,
  lifecycle,
  apiKey,
  untilHeard = 'block',
  timeoutMs = ANSWER_MS,
}: GuardClientSettings): GuardClient {
  const address = new URL(`/v1/guard/${encodeURIComponent(lifecycle)}/check`, url);
  let heard: Answer['whenUnknown'] = null;

  /** undefined: nobody answered. */
  const ask = async (body: object, waitMs: number, key: string): Promise<Answer | undefined> => {
    let response: Response;
    let text: string;
    try {
      response = await fetch(address, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${apiKey}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(waitMs),
      });
      text = await response.text();
    } catch {
      return undefined;
    }
    if (response.status === 200) return answerIn(text);
    if (response.status >= 500 || response.status === 429) return undefined;
    throw new GuardMisused(response.status, `${address.href} answered ${response.status}: ${detailIn(text)}`);
  };
  const answered = (answer: Answer | undefined): Answer => {
    if (answer === undefined) {
      const hasty = timeoutMs < ANSWER_MS && heard === 'allow';
      return unreachable(byDefault(hasty ? null : heard, untilHeard), heard);
    }
    heard = answer.whenUnknown ?? heard;
    return answer;
  };

  const client: GuardClient = {
    check: async (action) => answered(await ask(action, timeoutMs, randomUUID())),

    async use(item, action) {
      const key = randomUUID();
      for (let n = 1; ; n++) {
        const answer = await ask({ ...action, item }, ENGINE_MS, key);
        // Nobody but the approval allows it.
        if (answer === undefined && n >= USES) return unreachable('block', heard);
        if (answer !== undefined && (answer.why !== 'item-unknown' || n >= USES)) return answered(answer);
      }
    },

    async perform(action, act, { waitMs = 0 } = {}) {
      const until = Date.now() + waitMs;
      let answer = await client.check(action);
      while (answer.verdict === 'review') {
        const { item } = answer;
        if (item?.status === 'approved') answer = await client.use(item.item, action);
        else if (Date.now() >= until) throw new NotAllowed(answer);
        else {
          await pause(Math.min(ASK_AGAIN_MS, Math.max(0, until - Date.now())));
          answer = await client.check(action);
        }
      }
      if (answer.verdict !== 'allow') throw new NotAllowed(answer);
      return act();
    },
  };
  return client;
}

function byDefault(heard: Answer['whenUnknown'], untilHeard: 'allow' | 'block'): 'allow' | 'block' {
  if (heard === null) return untilHeard;
  return heard === 'allow' ? 'allow' : 'block';
}

/** An answer that is none is nobody's. */
function answerIn(text: string): Answer | undefined {
  try {
    const answer = JSON.parse(text) as Partial<Answer>;
    return ['allow', 'review', 'block'].includes(answer.verdict ?? '') ? (answer as Answer) : undefined;
  } catch {
    return undefined;
  }
}

function detailIn(text: string): string {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    if (typeof detail === 'string') return detail;
  } catch {
    // Whoever answered is not the API.
  }
  return 'no problem document; is it the address of the API?';
}

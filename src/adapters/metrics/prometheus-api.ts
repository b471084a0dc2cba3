/** The two questions that Prometheus answers, and all that its answers can be other than a number. */
import { z } from 'zod';
import type { Over } from '../../contracts/metrics/promql.js';
import { MetricsUnavailable } from '../../ports/metric-source.js';
import { call } from '../egress/call.js';
import { MAX_ANSWER_BYTES, parsedAnswer } from '../egress/call-json.js';
import type { Egress } from '../egress/egress.js';
import { whoAsks } from '../egress/who-asks.js';
import { type Answered, answered } from './answered-number.js';
import { heardFrom } from './asking.js';

export interface SourceOptions {
  readonly egress: Egress;
  /** Without a slash at the end and without `/api/v1`. */
  readonly url: string;
  /** Limit of one question, in milliseconds. */
  readonly timeoutMs: number;
  /** The token to say who asks; absent: none is needed. */
  readonly bearer?: () => Promise<string>;
}

/** Throws `MetricsUnavailable`, and the signal's reason when aborted. */
export interface PrometheusApi {
  /** One number, as of `at` (milliseconds since 1970). */
  instant(promql: string, at: number, signal?: AbortSignal): Promise<Answered>;
  /** One number out of those of a window, and how many they were. */
  range(
    promql: string,
    window: { readonly from: number; readonly to: number },
    over: Over,
    signal?: AbortSignal,
  ): Promise<{ readonly value: Answered; readonly n: Answered }>;
}

/** Of one answer; Prometheus gives no more than 11,000 itself. */
const MAX_POINTS = 10_000;

const point = z.tuple([z.number(), z.string()]);
const answerForm = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    warnings: z.array(z.string()).optional(),
    data: z.discriminatedUnion('resultType', [
      z.object({ resultType: z.literal('scalar'), result: point }),
      z.object({ resultType: z.literal('string'), result: z.unknown() }),
      z.object({
        resultType: z.literal('vector'),
        result: z.array(z.object({ value: point.optional() })),
      }),
      z.object({
        resultType: z.literal('matrix'),
        result: z.array(z.object({ values: z.array(point).optional() })),
      }),
    ]),
  }),
  z.object({ status: z.literal('error'), error: z.string().default('') }),
]);

type Data = Extract<z.output<typeof answerForm>, { status: 'success' }>['data'];

/** Refused questions are of these statuses: asking again does not help, somebody has to mend the definition. */
const REFUSED = [400, 422];

export function createPrometheusApi({ egress, url, timeoutMs, bearer }: SourceOptions): PrometheusApi {
  const ask = async (
    path: string,
    parameters: Record<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<Data | Answered> => {
    const headers = {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(await whoAsks(bearer)),
    };
    const body = new URLSearchParams({ ...parameters, timeout: `${timeoutMs}ms` }).toString();
    const { status, text } = await heardFrom(url, signal, () =>
      call(egress, {
        method: 'POST',
        url: `${url}/api/v1/${path}`,
        headers,
        body,
        timeoutMs,
        signal,
        maxBytes: MAX_ANSWER_BYTES,
      }),
    );
    const read = answerForm.safeParse(parsedAnswer(text));
    if (read.success && read.data.status === 'error' && REFUSED.includes(status))
      return { doubt: 'bad-query' };
    if (status !== 200 || !read.success || read.data.status === 'error') {
      const said = read.data?.status === 'error' ? `: ${read.data.error.slice(0, 300)}` : '';
      throw new MetricsUnavailable(`${url} answered ${status}${said}, not with a result`);
    }
    // Such as an answer of which a remote part is missing: it is smaller than the truth.
    if ((read.data.warnings ?? []).length > 0) return { doubt: 'incomplete' };
    return read.data.data;
  };

  return {
    async instant(promql, at, signal) {
      const data = await ask('query', { query: promql, time: seconds(at) }, signal);
      return typeof data === 'object' && 'resultType' in data ? single(data) : data;
    },
    async range(promql, { from, to }, { everyMs, take }, signal) {
      // The window begins after its first instant.
      const start = Math.min(to, from + Math.min(everyMs, to - from));
      const step = Math.max(everyMs, Math.ceil((to - start) / MAX_POINTS));
      const times = { start: seconds(start), end: seconds(to), step: seconds(step) };
      const data = await ask('query_range', { query: promql, ...times }, signal);
      if (typeof data !== 'object' || !('resultType' in data)) return { value: data, n: data };
      return overWindow(data, take);
    },
  };
}

function single(data: Data): Answered {
  switch (data.resultType) {
    case 'scalar':
      return answered(Number(data.result[1]));
    case 'vector': {
      const [first, ...more] = data.result;
      if (first === undefined) return 'nothing';
      if (more.length > 0) return { doubt: 'several-series' };
      return first.value ? answered(Number(first.value[1])) : { doubt: 'no-single-number' };
    }
    case 'string':
    case 'matrix':
      return { doubt: 'no-single-number' };
  }
}

function overWindow(data: Data, take: Over['take']): { value: Answered; n: Answered } {
  if (data.resultType !== 'matrix') return both({ doubt: 'no-single-number' });
  const [first, ...more] = data.result;
  if (first === undefined) return both('nothing');
  if (more.length > 0) return both({ doubt: 'several-series' });
  const numbers = (first.values ?? []).map(([, text]) => Number(text));
  if (numbers.length === 0) return both({ doubt: 'no-single-number' });
  return { value: answered(TAKE[take](numbers)), n: answered(numbers.length) };
}

const both = (answer: Answered) => ({ value: answer, n: answer });

/** One that is no number makes the result none: it is not known what it would have been. */
const TAKE: { readonly [T in Over['take']]: (numbers: readonly number[]) => number } = {
  avg: (numbers) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length,
  min: (numbers) => Math.min(...numbers),
  max: (numbers) => Math.max(...numbers),
  last: (numbers) => numbers.at(-1) ?? Number.NaN,
};

const seconds = (ms: number): string => (ms / 1_000).toFixed(3);

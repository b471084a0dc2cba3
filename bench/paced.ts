import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** One request that is sent again and again. */
export interface Asked {
  readonly port: number;
  readonly path: string;
  readonly token: string;
  readonly body: object;
}

/** Milliseconds that each took from when it was due, and the last answer. */
interface Paced {
  readonly took: readonly number[];
  readonly last: string;
}

/**
 * Sends requests at a rate, whether or not earlier ones are answered: what waits because the server is late counts as
 * late. Throws where one is not answered with 200.
 */
export async function paced(
  { port, path, token, body }: Asked,
  perSecond: number,
  seconds: number,
): Promise<Paced> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const text = JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  };
  const took: number[] = [];
  let last = '';
  const one = async (due: number): Promise<void> => {
    const sent = request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers });
    sent.end(text);
    const [response] = await once(sent, 'response');
    let answer = '';
    response.setEncoding('utf8').on('data', (part: string) => {
      answer += part;
    });
    await once(response, 'end');
    took.push(performance.now() - due);
    last = answer;
    if (response.statusCode !== 200) throw new Error(`${path} answered ${response.statusCode}: ${answer}`);
  };
  const begun = performance.now();
  const all: Promise<void>[] = [];
  for (let n = 0; n < perSecond * seconds; ) {
    const due = Math.floor(((performance.now() - begun) * perSecond) / 1_000) + 1;
    for (; n < Math.min(due, perSecond * seconds); n++) all.push(one(begun + (n * 1_000) / perSecond));
    await pause(1);
  }
  await Promise.all(all);
  agent.destroy();
  return { took, last };
}

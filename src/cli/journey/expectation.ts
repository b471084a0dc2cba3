import { ApiProblem } from '../client/problems.js';
import { JourneyFailed } from './failure.js';
import type { Narrator } from './narrator.js';

/** A refusal that a step expects; without a code, it expects to be accepted. */
interface Expectation {
  readonly refused?: string | undefined;
  readonly about?: string | undefined;
}

/** Makes a call that is to be accepted, or refused as the step says. Throws `JourneyFailed` for anything else. */
export async function asExpected(
  { refused, about }: Expectation,
  what: string,
  call: () => Promise<unknown>,
  narrator: Narrator,
): Promise<void> {
  const expected =
    refused === undefined ? 'accepted' : `refused: ${refused}${about ? ` about ${about}` : ''}`;
  const failed = (found: string) =>
    new JourneyFailed(`${what} did not go as expected`, `  expected ${expected}`, `  found    ${found}`);
  try {
    await call();
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    const { code, detail, reasons } = error.document;
    const facts = reasons.flatMap(({ fact }) => fact ?? []);
    if (code !== refused || (about !== undefined && !facts.includes(about))) {
      throw failed(`refused: ${code} about ${facts.join(', ') || 'nothing'} (${detail})`);
    }
    narrator.refused(code, detail);
    return;
  }
  if (refused !== undefined) throw failed('accepted');
}

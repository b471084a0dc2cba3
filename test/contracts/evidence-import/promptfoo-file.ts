/** A file as promptfoo writes it, of one prompt, each test with one assertion. */
export function promptfooFile(
  rows: readonly { readonly metric: string; readonly score: number; readonly pass: boolean }[],
  timestamp = '2026-11-24T16:07:00.492Z',
) {
  const successes = rows.filter(({ pass }) => pass).length;
  const results = rows.map(({ metric, score, pass }, testIdx) => ({
    promptIdx: 0,
    testIdx,
    success: pass,
    score,
    gradingResult: {
      pass,
      score,
      reason: '',
      componentResults: [{ pass, score, assertion: { type: 'javascript', metric } }],
    },
  }));
  const stats = { successes, failures: rows.length - successes, errors: 0 };
  return { evalId: 'eval-abc', results: { version: 3, timestamp, prompts: [{}], results, stats } };
}

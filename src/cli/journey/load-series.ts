import { UsageError } from '../client/problems.js';

/** Tells the demo metric source what will be measured of a lifecycle. Throws `UsageError` where it refuses. */
export async function loadSeries(
  metrics: string,
  key: string,
  set: { readonly timeScale: number; readonly series: readonly unknown[] },
): Promise<void> {
  const answer = await fetch(`${metrics}/series/${encodeURIComponent(key)}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(set),
  });
  if (answer.ok) return;
  throw new UsageError(
    `the metric source does not take the series of ${key}: ${(await answer.text()).slice(0, 2_000)}`,
  );
}

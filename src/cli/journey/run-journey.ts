/** Interprets one journey file: the people do what it says, and what comes of it is compared with the file. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { View } from '../client/lifecycles.js';
import { difference, sequencesOf } from './compare.js';
import { JourneyFailed } from './failure.js';
import type { StartStep, Step } from './form.js';
import { Journeying, type JourneySetting } from './journeying.js';
import { Timeline } from './timeline.js';

const LOOK_EVERY_MS = 200;
/** Longer than events gather before they are drained to the ledger. */
const SETTLE_MS = 20_000;

/** Runs a journey to its end. Throws `JourneyFailed` where it leaves the path of its file, `ApiProblem`, … */
export async function runJourney(setting: JourneySetting): Promise<void> {
  const { example, narrator, key, sessions } = setting;
  const { journey } = example;
  const reader = readerOf(journey.steps);
  const timeline = new Timeline(sessions, reader, key);
  const over = new AbortController();
  const journeying = new Journeying(setting, reader);
  let following: Promise<void> | undefined;
  try {
    for (const step of journey.steps) {
      await setting.beforeStep?.(step);
      await journeying.take(step);
      if ('start' in step)
        following ??= timeline.follow((entry) => {
          if (entry.kind === 'event' && !(entry.type in journey.leftOut)) narrator.event(entry);
        }, over.signal);
    }
    await complete(timeline, await journeying.view());
  } finally {
    over.abort();
    await following;
  }
  const { events, refusals } = sequencesOf(timeline.entries, journey);
  const differences = [
    ...difference('events', journey.expectedEvents, events),
    ...difference('refusals', journey.expectedRefusals, refusals),
  ];
  if (differences.length > 0) throw new JourneyFailed(...differences);
  narrator.good(`as its file says: ${events.length} events and ${refusals.length} refusals, in this order`);
}

/** Whoever starts it can read it. */
function readerOf(steps: readonly Step[]): string {
  const starting = steps.find((step): step is StartStep => 'start' in step);
  if (starting === undefined) throw new JourneyFailed('the journey has no step that starts it');
  return starting.by;
}

/** Waits until the ledger has everything that the view was made of. */
async function complete(timeline: Timeline, { version }: View): Promise<void> {
  const until = Date.now() + SETTLE_MS;
  while (timeline.last < version) {
    if (Date.now() > until) {
      throw new JourneyFailed(`the ledger ends at event ${timeline.last}, the lifecycle is at ${version}`);
    }
    await sleep(LOOK_EVERY_MS);
  }
}

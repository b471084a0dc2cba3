import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Exporter } from '../services/exporter.js';

const EVERY_MS = 100;

/** How a release behaves: which share of its cases counts as what, and what its cases score on average. */
export interface Behaviour {
  readonly rates?: Readonly<Record<string, number>>;
  readonly scores?: Readonly<Record<string, number>>;
}

/** The service of a use case: it serves whoever its flags say, and counts what came of it. */
export interface Traffic {
  /** Makes a release known by the digest that the flags use; its series begin at zero, before anybody sees it. */
  deploy(label: string, digest: string, behaviour: Behaviour): void;
  /** Changes how a release behaves from now on. */
  behave(label: string, behaviour: Behaviour): void;
  /** Cases come to a standstill, or come again. */
  pause(): void;
  resume(): void;
  /** Shares by release label as the flags have them now, in percent; `shadow` for those that only look on. */
  shares(): Promise<Readonly<Record<string, number>>>;
  stop(): void;
}

const flagForm = z.object({
  variants: z.record(z.string(), z.string()),
  targeting: z.object({ fractional: z.array(z.unknown()) }).optional(),
});
const fileForm = z.object({ flags: z.record(z.string(), z.unknown()) });

/**
 * Cases per second in all, served by the flags `airworthy-KEY` and `airworthy-KEY.shadow` of a flagd file, counted on
 * the exporter as `cases_total`, `events_total` by `event`, and `score_sum` by `score`, each by lifecycle and release.
 */
export function startTraffic(options: {
  readonly flags: string;
  readonly lifecycle: string;
  readonly casesPerSecond: number;
  readonly exporter: Exporter;
}): Traffic {
  const { flags, lifecycle, casesPerSecond, exporter } = options;
  const labels = new Map<string, string>();
  const behaviours = new Map<string, Behaviour>();
  const left = new Map<string, number>();
  let paused = false;
  let last = performance.now();

  const sharesOf = async (): Promise<Readonly<Record<string, number>>> => {
    const text = await readFile(flags, 'utf8').catch(() => '{"flags": {}}');
    const read = fileForm.parse(JSON.parse(text)).flags;
    const name = `airworthy-${lifecycle}`;
    return Object.fromEntries(
      [name, `${name}.shadow`].flatMap((flag) =>
        [...sharesIn(read[flag])].flatMap(([digest, percent]): [string, number][] => {
          const label = labels.get(digest);
          return label === undefined ? [] : [[label, percent]];
        }),
      ),
    );
  };

  /** Whole events only: what is left over counts the next time. */
  const count = (series: string, more: number, add: (whole: number) => void): void => {
    const sum = (left.get(series) ?? 0) + more;
    left.set(series, sum % 1);
    add(Math.floor(sum));
  };

  const serve = (label: string, cases: number): void => {
    const of = { lifecycle, release: label };
    const { rates = {}, scores = {} } = behaviours.get(label) ?? {};
    count(`cases ${label}`, cases, (whole) => {
      exporter.add('cases_total', of, whole);
      for (const [score, mean] of Object.entries(scores))
        exporter.add('score_sum', { ...of, score }, whole * mean);
    });
    for (const [event, rate] of Object.entries(rates))
      count(`${event} ${label}`, cases * rate, (whole) =>
        exporter.add('events_total', { ...of, event }, whole),
      );
  };

  const tick = async (): Promise<void> => {
    const now = performance.now();
    const seconds = (now - last) / 1_000;
    last = now;
    if (paused) return;
    for (const [label, percent] of Object.entries(await sharesOf()))
      serve(label, (casesPerSecond * seconds * percent) / 100);
  };
  let ticking = Promise.resolve();
  const timer = setInterval(() => {
    ticking = ticking.then(tick);
  }, EVERY_MS);

  return {
    deploy(label, digest, behaviour) {
      labels.set(digest, label);
      behaviours.set(label, behaviour);
      serve(label, 0);
    },
    behave: (label, behaviour) => void behaviours.set(label, behaviour),
    pause: () => {
      paused = true;
    },
    resume: () => {
      paused = false;
    },
    shares: sharesOf,
    stop: () => clearInterval(timer),
  };
}

/** Percent by variant's value, as flagd's `fractional` has them. */
function sharesIn(flag: unknown): Map<string, number> {
  const parsed = flagForm.safeParse(flag);
  if (!parsed.success) return new Map();
  const { variants, targeting } = parsed.data;
  const given = (targeting?.fractional ?? []).filter(
    (share): share is [string, number] => Array.isArray(share) && typeof share[0] === 'string',
  );
  return new Map(given.map(([variant, weight]) => [variants[variant] ?? '', weight / 100]));
}

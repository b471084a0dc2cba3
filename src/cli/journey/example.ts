import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { fieldName, parseForm } from '../../contracts/form.js';
import { UsageError } from '../client/problems.js';
import { isGroup, readWritten } from '../written/read-written.js';
import { type Journey, journeyForm, measuredForm } from './form.js';

/** A use case in a folder: its files, its journey, and what will be measured of it. */
export interface Example {
  readonly folder: string;
  readonly journey: Journey;
  readonly series: readonly unknown[];
}

/** Reads an example; throws `UsageError` that names file and field for what is wrong. */
export function readExample(folder: string): Example {
  const metrics = join(folder, 'metrics');
  const files = existsSync(metrics) ? readdirSync(metrics).filter((file) => file.endsWith('.yaml')) : [];
  const series = files.flatMap((file) => {
    const measured = readForm(measuredForm, join(metrics, file));
    return measured.series.map((one) => ({ release: measured.release, ...one }));
  });
  const journey = readForm(journeyForm, join(folder, 'journey.yaml'));
  return { folder, journey, series };
}

/**
 * A body of the example: `./file.yaml`, `./file.yaml#part`, or a group whose fields may be such files. Where
 * the use case runs under another key than the example's own, that key stands in the place of its own.
 */
export function exampleBody(
  example: Pick<Example, 'folder' | 'journey'>,
  written: unknown,
  key: string,
): unknown {
  if (typeof written === 'string') {
    if (written.startsWith('./'))
      return exampleBody(example, readWritten(join(example.folder, written)), key);
    return written === example.journey.key ? key : written;
  }
  if (Array.isArray(written)) return written.map((each: unknown) => exampleBody(example, each, key));
  if (!isGroup(written)) return written;
  return Object.fromEntries(
    Object.entries(written).map(([field, value]) => [field, exampleBody(example, value, key)]),
  );
}

function readForm<S extends z.ZodType>(form: S, file: string): z.output<S> {
  const parsed = parseForm<z.output<S>>(form as z.ZodType<z.output<S>>, readWritten(file));
  if (parsed.ok) return parsed.value;
  throw new UsageError(
    parsed.problems.map(({ path, detail }) => `${file}: ${fieldName(path)} ${detail}`).join('\n'),
  );
}

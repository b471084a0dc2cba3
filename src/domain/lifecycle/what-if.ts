import { BUSINESS_FUNCTIONS } from '../vocabulary.js';
import type { WhatIf } from './route.js';

/** Reads `without=money` and `second=risk`; undefined for anything else. */
export function parseWhatIf(written: string): WhatIf | undefined {
  const [kind, name = ''] = written.split('=', 2);
  if (kind === 'without' && name !== '') return { without: name };
  const second = BUSINESS_FUNCTIONS.find((each) => each === name);
  return kind === 'second' && second ? { second } : undefined;
}

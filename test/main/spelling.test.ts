import { expect, it } from 'vitest';
import { nearest } from '../../src/main/spelling.js';

const names = ['AIRWORTHY_API_PORT', 'AIRWORTHY_HOME', 'AIRWORTHY_PEOPLE'];

it.each([
  ['AIRWORTHY_HOEM', 'AIRWORTHY_HOME'],
  ['AIRWORTHY_APIPORT', 'AIRWORTHY_API_PORT'],
  ['AIRWORTHY_PEOPLES', 'AIRWORTHY_PEOPLE'],
  ['SOMETHING_ELSE', undefined],
])('takes %s for %s', (written, meant) => {
  expect(nearest(written, names)).toBe(meant);
});

import { describe } from 'vitest';
import { testRuleMap } from './rule-map.js';

describe('the map of the rules of releases', () => {
  testRuleMap('docs/reference/release-rules.md', 22);
});

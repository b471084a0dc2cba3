import { describe } from 'vitest';
import { testRuleMap } from './rule-map.js';

describe('the map of the rules of gates', () => {
  testRuleMap('docs/reference/gate-rules.md', 21);
});

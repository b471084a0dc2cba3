import { stringify } from 'yaml';
import type { Alerting } from './alerting-rules.js';

/** The rules as the YAML that Prometheus loads, and as people find their way in it; `head` says what they are made of. */
export function ruleFileText({ groups, unwatched }: Alerting, head: string): string {
  const comments = [
    head,
    'Made from the spec; fetch it again when another release or another spec serves.',
    ...unwatched.map(({ clause, why }) => `${clause} has no rule: ${why}`),
  ];
  // Queries stay on one line each: whoever compares one with its definition finds it as it was written.
  return `${comments.map((line) => `# ${line}\n`).join('')}${stringify({ groups }, { lineWidth: 0 })}`;
}

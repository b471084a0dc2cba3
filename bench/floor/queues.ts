/** The floor's own task queues, one for each of ours. */
export const FLOOR_QUEUES = {
  workflows: 'floor',
  effects: 'floor-effects',
  notify: 'floor-notify',
} as const;

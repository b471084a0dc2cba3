import { Context } from '@temporalio/activity';
import type { EffectsSeen } from '../contestant.js';

export interface FloorActivities {
  confirm(): Promise<void>;
  expose(): Promise<void>;
  tell(): Promise<void>;
}

/** Activities that do nothing but say that they ran. */
export function createFloorActivities(effects: EffectsSeen): FloorActivities {
  const id = () => Context.current().info.workflowExecution?.workflowId ?? '';
  return {
    confirm: async () => undefined,
    expose: async () => effects.count(id(), 'exposed'),
    tell: async () => effects.count(id(), 'told'),
  };
}

import type { Story } from './story.js';

/** Somebody leaves, and the lifecycle is told to ask after them. */
export function leaves(story: Story, ...people: string[]): Story {
  for (const person of people) story.world.gone.add(person);
  story.report({ type: 'people-doubted', people });
  return story.perform();
}

/** Offers a right that somebody held. */
export function assign(
  story: Story,
  right: 'operatingOwner' | 'changeApprover' | 'stopShipHolder',
  person: string,
  by = 'bela',
) {
  return story.when('assign-right', { right, person }, by);
}

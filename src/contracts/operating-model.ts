import { modelForm } from './operating-model/model-form.js';
import { modelProblems } from './operating-model/model-problems.js';

/**
 * The written form of an operating model: what its YAML files say, before it is compiled for the decider.
 * Fields, limits, and everything in the model that must agree with something else in it.
 */
export const writtenOperatingModel = modelForm.superRefine((model, context) => {
  for (const { path, detail } of modelProblems(model)) {
    context.addIssue({ code: 'custom', path: [...path], message: detail });
  }
});

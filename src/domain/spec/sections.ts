/** The sections whose entries have ids. */
export const CLAUSE_SECTIONS = [
  'steps',
  'may',
  'mustNot',
  'checks',
  'toPerson',
  'queues',
  'evidence',
] as const;

/** The sections that are one clause as a whole, under their own name; no clause may be called like them. */
export const WHOLE_SECTIONS = [
  'purpose',
  'learn',
  'value',
  'casesPerDay',
  'checkpoints',
  'binds',
  'retrain',
  'fallback',
  'dependsOn',
  'success',
  'cohort',
  'guard',
] as const;

import type { Json } from '../domain/json.js';
import type { OperatingModel } from '../domain/policy.js';

/** An operating model as published, with the written form that its digest covers. */
export interface PublishedModel {
  readonly model: OperatingModel;
  readonly written: Json;
  /** When it passed its gate and was published; absent: it ships. */
  readonly publishedAt?: number;
}

/** A model that cannot be used, with what is wrong and where. */
export interface UnusableModel {
  readonly file: string;
  readonly problems: readonly string[];
}

export interface OperatingModels {
  /** All of them, by name. Throws `OperatingModelsUnavailable`. */
  all(): Promise<{ readonly models: readonly PublishedModel[]; readonly unusable: readonly UnusableModel[] }>;
}

/** The models cannot be read now; repeating is safe. */
export class OperatingModelsUnavailable extends Error {
  override readonly name = 'OperatingModelsUnavailable';
  readonly code = 'operating-models-unavailable';
}

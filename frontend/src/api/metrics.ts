/** What the server says about metrics: what there is, what was measured, and what people think. */

type Instant = string;
type JobState = "requested" | "running" | "done" | "failed";

export type Grain = "image" | "pair" | "set" | "generator";

/** The published file(s) that a learned metric reads. */
export interface MetricWeights {
  name: string;
  title: string;
  licence: string;
  source: string;
  bytes: number | null;
  state: string;
  why: string;
}

export interface Metric {
  name: string;
  version: string;
  unit: string;
  range: (number | null)[];
  direction: string;
  needs: string[];
  description: string;
  grain: string;
  family: string;
  weights: MetricWeights | null;
  /** Of a metric of sets: the network whose features it compares. */
  network: string | null;
  available: boolean;
  why_not: string;
}

export interface ChosenMetrics {
  chosen: string[];
  by_default: boolean;
}

export interface MeasuredValue {
  metric: string;
  version: string;
  value: number | string | null;
  state: string;
  error: string;
  device: string;
  dtype: string;
  /** SHA-256 of the weights; empty for a metric that has none. */
  weights: string;
}

export interface MeasuredImage {
  image: {
    id: string;
    url: string;
    thumbnail_url: string;
    generator: string;
    prompt: string;
    width: number;
    height: number;
    /** Why the image could not be measured; empty when it could. */
    problem: string;
  };
  values: MeasuredValue[];
  /** Images of the project that look nearly the same. */
  near_duplicates: string[];
}

export interface MeasuringProgress {
  done: number;
  failed: number;
  total: number;
}

export interface Measurements {
  metrics: Metric[];
  progress: MeasuringProgress;
  next: string | null;
  results: MeasuredImage[];
}

export interface GeneratorMean {
  metric: string;
  version: string;
  n: number;
  failed: number;
  mean: number | null;
  sd: number | null;
  low: number | null;
  high: number | null;
  why: string;
}

export interface GeneratorMeans {
  rows: { generator: string; images: number; metrics: GeneratorMean[] }[];
}

export interface Reference {
  id: string | number;
  name: string;
  kind: string;
  network: string;
  n: number | null;
  zero_shot: boolean;
  created_at: Instant | null;
  sha256: string;
}

export interface References {
  results: Reference[];
}

export interface SetMeasurement {
  id: string | number;
  metric: string;
  version: string;
  generator: string;
  reference: { id: string | number; name: string } | null;
  zero_shot: boolean;
  n: number;
  n_reference: number | null;
  value: number | null;
  spread: number | null;
  state: JobState;
  error: string;
  network: string;
  device: string;
  dtype: string;
  weights: string;
  at: Instant | null;
  warning: string;
}

export interface SetMeasurements {
  progress: MeasuringProgress;
  results: SetMeasurement[];
}

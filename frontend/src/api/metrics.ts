/** What the server says about metrics: what there is, what was measured, and what people think. */

import type { Instant, JobState } from "./types";

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

/** A number with its 95 % interval, or why there is none. */
export interface Estimate {
  value: number | null;
  low: number | null;
  high: number | null;
  why: string;
}

export interface Correlations {
  srcc: Estimate;
  plcc: Estimate;
  tau_b: Estimate;
}

export interface MetricReportRow {
  /** The question's key; "key.option" for one flag of several. */
  dimension: string;
  title: string;
  metric: string;
  version: string;
  direction: string;
  grain: string;
  /** What the people's number is, in words. */
  y_is: string;
  n_items: number;
  n_images: number;
  n_prompts: number;
  note: string;
  pooled: Correlations;
  per_prompt: Correlations & { n_prompts: number };
  accuracy: {
    raw: Estimate;
    calibrated: Estimate;
    epsilon: number | null;
    n_pairs: number;
    held_out: boolean;
    /** Which pairs, in words. */
    of: string;
  };
  ceiling: Estimate;
  human_accuracy: Estimate;
  by_generator: { srcc: Estimate; p: number | null; n: number };
}

export interface MetricReport {
  rows: MetricReportRow[];
  /** Why there are no rows; empty when there are. */
  empty: string;
  /** Rows that are still to be computed: to be asked for again. */
  pending: number;
}

export interface PointImage {
  id: string;
  letter: string;
  generator: string;
  url: string;
  thumbnail_url: string;
}

/** An image, or a pair of them (a and b), in the plane of metric (x) and people (y). */
export interface MetricPoint {
  item: string;
  /** Null for a pair. */
  image: string | null;
  /** The metric's own value; of a pair, a's minus b's. */
  x: number;
  /** What people said; of a pair, the share for a minus that for b. */
  y: number;
  /** Of the image, or of the pair's a. */
  generator: string;
  prompt: string;
  /** The image, or both of the pair. */
  images: PointImage[];
}

export interface MetricPoints {
  x: string;
  y: string;
  y_is: string;
  direction: string;
  grain: string;
  note: string;
  total: number;
  drawn: number;
  results: MetricPoint[];
}

export interface DisagreedImage extends PointImage {
  /** Of a pair, the share of people who prefer it. */
  human: number | null;
  metric: number | null;
}

export interface Disagreement {
  item: string;
  key: string;
  prompt: string;
  disagreement: number;
  images: DisagreedImage[];
  said: string;
}

export interface Disagreements {
  next: string | null;
  results: Disagreement[];
  note: string;
  y_is: string;
}

/** The batches' pages as CSV: the batches, one's rule as a curve, and its errors by person; pure. */

import type { Schemas } from "@/api/client";
import { type CsvCell, csvText, lowHigh } from "@/manage/csv";

/** One line a batch. */
export function batchesCsv(batches: readonly Schemas["Batch"][]): string {
  return csvText(
    [
      "id", "name", "file", "state", "items", "images", "problems",
      "measured", "measuring_failed", "to_measure", "verdict", "created_at", "created_by",
    ], // prettier-ignore
    batches.map((one): CsvCell[] => [
      one.id, one.name, one.filename, one.state, one.items, one.images, one.problem_count,
      one.measured.done, one.measured.failed, one.measured.total, one.verdict,
      one.created_at, one.created_by.username,
    ]), // prettier-ignore
  );
}

/** The operating curve: how often a batch with such a share of errors passes. */
export function curveCsv(curve: Schemas["BatchAcceptance"]["curve"]): string {
  return csvText(
    ["errors", "passes"],
    curve.map(({ errors, passes }) => [errors, passes]),
  );
}

/** One line a person, after one without a person for the whole batch. */
export function errorsCsv(qc: Schemas["BatchQc"]): string {
  return csvText(
    ["id", "name", "answers", "reviewed", "rejected", "error_rate", "low_95", "high_95"],
    [{ ...qc, id: null, name: null }, ...qc.annotators].map((one): CsvCell[] => [
      one.id, one.name, one.answers, one.reviewed, one.rejected,
      one.error_rate, ...lowHigh(one.interval),
    ]), // prettier-ignore
  );
}

import type { Schemas } from "@/api/client";
import { type CsvCell, csvText, lowHigh } from "@/manage/csv";

type Row = Schemas["QuestionAgreement"];
type Name = Schemas["FurtherMeasure"]["name"];

const MEASURES: readonly Name[] = [
  "fleiss_kappa",
  "icc_1_1",
  "quadratic_kappa",
  "kendall_w",
];

/** Agreement as a table: a question a row, columns for every measure that there is. */
export function agreementCsv(rows: readonly Row[]): string {
  return csvText(
    [
      "question", "type", "level", "n", "alpha", "low_95", "high_95", "same_places", "loo_cc", "iou", "same_regions", "not_applicable",
      ...MEASURES.flatMap((name) => [name, `${name}_low_95`, `${name}_high_95`]),
    ],
    rows.map((row) => [
      row.id, row.type, row.level, row.n, row.alpha, ...lowHigh(row.interval),
      row.places?.corrected.value ?? null, row.places?.loo_cc.value ?? null,
      row.regions?.iou.value ?? null, row.regions?.corrected.value ?? null, row.not_applicable,
      ...MEASURES.flatMap((name) => measured(row, name)),
    ]),
  ); // prettier-ignore
}

/** Its value and the ends of its interval; null what there is not. */
function measured(row: Row, name: Name): CsvCell[] {
  const found = row.further.find((measure) => measure.name === name)?.estimate;
  return [found?.value ?? null, ...lowHigh(found?.interval ?? null)];
}

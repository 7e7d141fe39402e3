/** What an export will hold, as CSV: how many of what, and how each question was decided; pure. */

import type { Schemas } from "@/api/client";
import { type CsvCell, csvText } from "@/manage/csv";

type Looked = Schemas["ExportPreview"];

/** One line a number; `seen` is how many items it was counted over. */
export function previewCsv(preview: Looked): string {
  const { items, seen, settled } = preview;
  const rows: CsvCell[][] = [
    ["items", "", items, items],
    ["rows", "", preview.row_count, seen],
    ...preview.skipped.map(({ code, count }) => ["skipped", code, count, seen]),
    ["not_settled", "", preview.not_settled, null],
    ["excluded", "", preview.excluded, null],
    ["overridden", "", preview.overridden, settled],
    ...preview.counts.flatMap(({ by, counts }) =>
      Object.entries(counts).map(([of, count]): CsvCell[] => [by || "rows", of, count, seen]),
    ),
    ...preview.questions.flatMap(({ question, answered, decided, undecided }): CsvCell[][] => [
      [question, "answered", answered, settled],
      ...Object.entries(decided).map(([choice, count]) => [question, choice, count, settled]),
      ...(undecided === null ? [] : [[question, "undecided", undecided, settled]]),
    ]),
  ];
  return csvText(["of", "what", "count", "seen"], rows);
}

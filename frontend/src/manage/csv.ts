/** CSV text (RFC 4180, CRLF) that a spreadsheet opens without running any cell as a formula. */

import { ends } from "./charts/scale";

/** Spreadsheets read a cell that starts with one of these as a formula. */
const FORMULA_START = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

const PLAIN_NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** A byte order mark lets spreadsheets read UTF-8 (Chinese file names) without asking. */
const BYTE_ORDER_MARK = "\uFEFF";

export type CsvCell = string | number | null;

export function csvText(header: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  const lines = [header, ...rows].map((cells) => cells.map(csvCell).join(","));
  return BYTE_ORDER_MARK + lines.join("\r\n") + "\r\n";
}

/** The cells low_95 and high_95 of an interval; both empty where there is none. */
export function lowHigh(interval: readonly number[] | null): CsvCell[] {
  return ends(interval) ?? [null, null];
}

export function csvCell(cell: CsvCell): string {
  if (cell === null) return "";
  const text = neutralised(String(cell));
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function neutralised(text: string): string {
  if (PLAIN_NUMBER.test(text)) return text;
  return FORMULA_START.test(text.trimStart()) || FORMULA_START.test(text) ? `'${text}` : text;
}

/** The rows of the annotators' table: who has answered, worst first, then who has not. Pure. */

import type { Annotators, Portrait, Standing } from "./queries";

export interface Row {
  id: number;
  name: string;
  /** Nothing: they have not answered yet. */
  portrait: Portrait | null;
  /** Nothing: they have left, and are not paused. */
  standing: Standing | null;
}

export type Filter = "all" | "hints" | "paused";

export function rowsOf({ report, standing }: Annotators): Row[] {
  const by = new Map(standing.map((one) => [one.id, one]));
  const answered = new Set(report.annotators.map(({ id }) => id));
  return [
    ...report.annotators.map((portrait) => ({
      id: portrait.id,
      name: portrait.name,
      portrait,
      standing: by.get(portrait.id) ?? null,
    })),
    ...standing
      .filter(({ id }) => !answered.has(id))
      .map((one) => ({ id: one.id, name: one.name, portrait: null, standing: one })),
  ];
}

export function fits(row: Row, filter: Filter, search: string): boolean {
  if (!row.name.toLocaleLowerCase().includes(search.trim().toLocaleLowerCase())) return false;
  if (filter === "hints") return (row.portrait?.numbers.findings.length ?? 0) > 0;
  if (filter === "paused") return typeof row.standing?.paused_at === "string";
  return true;
}

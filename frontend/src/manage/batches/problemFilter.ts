
import type { Schemas } from "@/api/client";
/** The problems whose line, file or reason holds every word of the filter, whatever its case. */
export function matching(problems: readonly Schemas["Problem"][], filter: string): readonly Schemas["Problem"][] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return problems;
  return problems.filter(({ line, file, reason }) => {
    const text = `${line ?? ""} ${file} ${reason}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

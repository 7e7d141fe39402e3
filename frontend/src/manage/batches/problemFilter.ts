/** A problem as a person reads it. */
export interface ShownProblem {
  line: number | null;
  file: string;
  code: string;
  /** The reason in the reader's language. */
  reason: string;
}

/** The problems of this code ("": any) that hold every word, whatever its case. */
export function matching(
  problems: readonly ShownProblem[],
  words: string,
  code = "",
): readonly ShownProblem[] {
  const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
  return problems.filter((problem) => {
    const text = `${problem.line ?? ""} ${problem.file} ${problem.reason}`.toLowerCase();
    return (code === "" || problem.code === code) && parts.every((word) => text.includes(word));
  });
}

/** Each code with how often it is there, the most frequent first, and what one of them says. */
export function codesOf(
  problems: readonly ShownProblem[],
): readonly { code: string; count: number; example: string }[] {
  const found = new Map<string, { code: string; count: number; example: string }>();
  for (const { code, reason } of problems) {
    const known = found.get(code) ?? { code, count: 0, example: reason };
    found.set(code, { ...known, count: known.count + 1 });
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}

/** A guideline by its headings: what it says of one question, and the rest. */

const HEADING = /^ {0,3}(#{1,6})\s+(.+?)\s*#*\s*$/;
const FENCE = /^ {0,3}(```|~~~)/;

export interface Split {
  /** The section under a heading with one of the names; "" where there is none. */
  readonly section: string;
  readonly rest: string;
}

function same(one: string, other: string): boolean {
  return one.trim().toLocaleLowerCase() === other.trim().toLocaleLowerCase();
}

/**
 * Takes the first section out whose heading is one of `names`. It ends where the next heading of
 * its level or a higher one begins; signs in fenced code are no headings.
 */
export function splitFor(text: string, names: readonly string[]): Split {
  const lines = text.split("\n");
  let fenced = false;
  let from = -1;
  let level = 0;
  let to = lines.length;
  for (const [index, line] of lines.entries()) {
    if (FENCE.test(line)) fenced = !fenced;
    const heading = fenced ? null : HEADING.exec(line);
    if (!heading) continue;
    const [, signs = "", title = ""] = heading;
    if (from >= 0 && signs.length <= level) {
      to = index;
      break;
    }
    if (from < 0 && names.some((name) => same(name, title))) {
      from = index;
      level = signs.length;
    }
  }
  if (from < 0) return { section: "", rest: text };
  return {
    section: lines.slice(from + 1, to).join("\n").trim(),
    rest: [...lines.slice(0, from), ...lines.slice(to)].join("\n").trim(),
  };
}

/** An answer of the outside contract in a few words, question by question. Pure. */

export interface Words {
  choice: (name: "tie" | "both_bad" | "unsure") => string;
  grade: (step: number) => string;
  marks: (count: number) => string;
  words: (count: number) => string;
  links: (count: number) => string;
  rows: (yes: number, no: number, unsure: number) => string;
}

type Raw = Record<string, unknown>;

export function answerText(raw: unknown, words: Words): string {
  if (typeof raw !== "object" || raw === null) return "";
  const answer = raw as Raw;
  if (typeof answer.choice === "string") return choiceText(answer.choice, words);
  if (typeof answer.grade === "number") return words.grade(answer.grade);
  if (isRecord(answer.ratings)) return byLetter(answer.ratings, String);
  if (isRecord(answer.marks)) return byLetter(answer.marks, (found) => words.marks(count(found)));
  if (isRecord(answer.regions)) return byLetter(answer.regions, flawsOf);
  if (isRecord(answer.labels)) return byLetter(answer.labels, String);
  if (isRecord(answer.rows)) return rowsText(Object.values(answer.rows), words);
  if (isRecord(answer.flags)) return byLetter(answer.flags, list);
  if (Array.isArray(answer.tiers)) return answer.tiers.map(tier).join(" > ");
  if (Array.isArray(answer.tokens)) return wordsText(answer.tokens.length, answer, words);
  if (Array.isArray(answer.spans)) return wordsText(spanned(answer.spans), answer, words);
  return typeof answer.text === "string" ? answer.text : "";
}

function wordsText(chosen: number, { unsure, links }: Raw, words: Words): string {
  const open = count(unsure);
  const tied = count(links);
  return [
    words.words(chosen),
    ...(open > 0 ? [`${words.choice("unsure")}: ${open}`] : []),
    ...(tied > 0 ? [words.links(tied)] : []),
  ].join(", ");
}

/** How many words lie in spans. */
function spanned(spans: readonly unknown[]): number {
  return spans.reduce<number>((sum, span) => {
    const [first, last] = Array.isArray(span) ? span.map(Number) : [];
    return sum + (first === undefined || last === undefined ? 0 : last - first + 1);
  }, 0);
}

function choiceText(choice: string, words: Words): string {
  if (choice === "tie" || choice === "both_bad" || choice === "unsure") return words.choice(choice);
  return choice;
}

function rowsText(given: readonly unknown[], words: Words): string {
  const count = (name: string) => given.filter((one) => one === name).length;
  return words.rows(count("yes"), count("no"), count("unsure"));
}

function isRecord(value: unknown): value is Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function byLetter(found: Raw, text: (value: unknown) => string): string {
  return Object.entries(found)
    .map(([letter, value]) => `${letter}: ${text(value)}`)
    .join(", ");
}

function count(found: unknown): number {
  return Array.isArray(found) ? found.length : 0;
}

function list(found: unknown): string {
  return Array.isArray(found) && found.length > 0 ? found.map(String).join(" + ") : "–";
}

/** The flaws of regions, each once. */
function flawsOf(regions: unknown): string {
  return list(Array.isArray(regions) ? [...new Set(regions.map((one: Raw) => one.flaw))] : []);
}

function tier(found: unknown): string {
  return Array.isArray(found) ? found.map(String).join(" = ") : "";
}

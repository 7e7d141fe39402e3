/** What is known of an item, as the answer that would say it; pure. */

import type { Schemas } from "@/api/client";
import type { Letter, Question } from "@/questions/kind";

type Known = Schemas["KnownThing"];

/** Null: it can't be put as an answer. Of rankings: tiers as far as the pairs tell them. */
export function knownAnswer(question: Question, known: readonly Known[]): unknown {
  switch (question.type) {
    case "preference":
    case "pick":
      return known[0] ? { choice: known[0].key } : null;
    case "rating":
      return { ratings: Object.fromEntries(known.map((one) => [one.letter, rated(question, one)])) };
    case "flags":
      return { flags: byLetter(known) };
    case "reasons":
      return { reasons: byLetter(known)[""] ?? [] };
    case "label":
      return { labels: Object.fromEntries(known.map(({ letter, key }) => [letter, key])) };
    case "checklist":
      return { rows: Object.fromEntries(known.map(({ key }) => key.split("="))) as Record<string, string> };
    case "words":
      return { tokens: known.map(({ key }) => Number(key)).filter((token) => Number.isInteger(token)) };
    case "ranking":
      return { tiers: tiersOf(known) };
    case "best_worst":
      return endsOf(known);
    default:
      return null;
  }
}

function rated({ scale, half_points }: Question, { key, value }: Known): number | null {
  if (key === "nothing") return null;
  const { min, max } = scale ?? { min: 0, max: 1 };
  const step = half_points ? 0.5 : 1;
  return Math.round((min + (value ?? 0) * (max - min)) / step) * step;
}

function byLetter(known: readonly Known[]): Record<Letter, string[]> {
  const flags: Record<Letter, string[]> = {};
  for (const { letter, key } of known) {
    const own = (flags[letter] ??= []);
    if (key !== "nothing") own.push(key);
  }
  return flags;
}

const OVER = "over_";

/** The images that all others are known to be behind, or before; null: neither is known. */
function endsOf(known: readonly Known[]): { best?: Letter; worst?: Letter } | null {
  const tiers = tiersOf(known);
  const [first = [], last = []] = [tiers[0], tiers.at(-1)];
  const [best, worst] = [first, last].map((tier) => (tier.length === 1 ? tier[0] : undefined));
  if (best === undefined && worst === undefined) return null;
  return { ...(best === undefined ? {} : { best }), ...(worst === undefined ? {} : { worst }) };
}

/** Best first, by how many others an image is above. */
function tiersOf(known: readonly Known[]): Letter[][] {
  const above = new Map<Letter, number>();
  for (const { letter, key } of known) {
    if (!key.startsWith(OVER)) continue;
    const worse = key.slice(OVER.length);
    above.set(letter, (above.get(letter) ?? 0) + 1);
    above.set(worse, above.get(worse) ?? 0);
  }
  const counts = [...new Set(above.values())].sort((one, other) => other - one);
  return counts.map((count) => [...above].filter(([, n]) => n === count).map(([letter]) => letter));
}

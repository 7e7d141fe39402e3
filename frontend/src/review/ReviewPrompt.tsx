import { useTranslation } from "@/i18n/useTranslation";

import type { Question } from "@/questions/kind";
import { numberedLinks, numbersAt } from "@/questions/links";
import { Prompt } from "@/ui/desk/Prompt";

import { wordMarkers } from "@/questions/layers/answers";
import { colourOf } from "@/questions/layers/palette";
import type { Review } from "./queries";
import styles from "./ReviewPrompt.module.css";

/** The prompt, each marked word underlined in the colours of those who marked it. */
export function ReviewPrompt({
  review,
  questions,
}: {
  review: Review;
  questions: readonly Question[];
}) {
  const { t } = useTranslation("review");
  const { prompt, tokens } = review.item;
  const markers = wordMarkers(questions, tokens, review.annotations);
  const unsure = wordMarkers(questions, tokens, review.annotations, "unsure");
  const isPlain = [...markers, ...unsure].every((people) => people.length === 0);
  const links = review.annotations.map(({ answers }) => numberedLinks(questions, answers));
  const names = review.annotations.map(({ annotator }) => annotator);
  return (
    <div className={styles.prompt}>
      <Prompt
        prompt={prompt}
        tokens={tokens}
        label={t("prompt")}
        none={t("no_prompt")}
        word={
          isPlain
            ? undefined
            : ({ text, tokens: parts }) => (
                <Word
                  text={text}
                  people={markersOf(parts, markers)}
                  unsure={markersOf(parts, unsure)}
                  names={names}
                  numbers={links.map((own) => numbersAt(own, parts))}
                />
              )
        }
      />
    </div>
  );
}

/** Who marked any part of a word, or was not sure of it. */
function markersOf(parts: readonly number[], markers: readonly number[][]): readonly number[] {
  return [...new Set(parts.flatMap((token) => markers[token] ?? []))].sort((a, b) => a - b);
}

interface WordProps {
  text: string;
  people: readonly number[];
  unsure: readonly number[];
  names: readonly string[];
  /** Of each person, the numbers at the marks that the word is tied to. */
  numbers: readonly (string | undefined)[];
}

function Word({ text, people, unsure, names, numbers }: WordProps) {
  const { t } = useTranslation("review");
  if (people.length + unsure.length === 0) return text;
  const named = (places: readonly number[]) => places.map((place) => names[place]).join(", ");
  const tied = numbers.flatMap((own, place) => (own === undefined ? [] : [{ place, own }]));
  const who = [
    ...(people.length > 0 ? [t("marked_by", { people: named(people) })] : []),
    ...(unsure.length > 0 ? [t("unsure_of_word", { people: named(unsure) })] : []),
    ...(tied.length > 0
      ? [t("word_tied", { marks: tied.map(({ place, own }) => `${names[place]} ${own}`).join(", ") })]
      : []),
  ].join("; ");
  return (
    <span className={styles.word} title={who}>
      {text}
      {tied.map(({ place, own }) => (
        <sup key={place} className={styles.tied} style={{ color: colourOf(place) }} aria-hidden="true">
          {own}
        </sup>
      ))}
      <span className={styles.markers} aria-hidden="true">
        {people.map((place) => (
          <i key={place} style={{ background: colourOf(place) }} />
        ))}
        {unsure.map((place) => (
          <i
            key={place}
            style={{
              background: `repeating-linear-gradient(90deg, ${colourOf(place)} 0 3px, transparent 3px 6px)`,
            }}
          />
        ))}
      </span>
      <span className="visually-hidden">({who})</span>
    </span>
  );
}

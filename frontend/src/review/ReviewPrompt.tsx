import { useTranslation } from "react-i18next";

import type { Question } from "@/questions/kind";
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
  const isPlain = markers.every((people) => people.length === 0);
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
                <Word text={text} people={markersOf(parts, markers)} names={names} />
              )
        }
      />
    </div>
  );
}

/** Who marked any part of a word. */
function markersOf(parts: readonly number[], markers: readonly number[][]): readonly number[] {
  return [...new Set(parts.flatMap((token) => markers[token] ?? []))].sort((a, b) => a - b);
}

interface WordProps {
  text: string;
  people: readonly number[];
  names: readonly string[];
}

function Word({ text, people, names }: WordProps) {
  const { t } = useTranslation("review");
  if (people.length === 0) return text;
  const who = t("marked_by", { people: people.map((place) => names[place]).join(", ") });
  return (
    <span className={styles.word} title={who}>
      {text}
      <span className={styles.markers} aria-hidden="true">
        {people.map((place) => (
          <i key={place} style={{ background: colourOf(place) }} />
        ))}
      </span>
      <span className="visually-hidden">({who})</span>
    </span>
  );
}

import { useTranslation } from "react-i18next";

import type { Review } from "@/api/types";

import { wordMarkers } from "./answers";
import { colourOf } from "./palette";
import styles from "./review.module.css";

/** The prompt, each marked word underlined in the colours of those who marked it. */
export function Prompt({ review }: { review: Review }) {
  const { t } = useTranslation("review");
  const { prompt, tokens } = review.item;
  const markers = wordMarkers(tokens, review.annotations);
  const plain = markers.every((people) => people.length === 0);
  if (prompt.trim() === "") return <p className={styles.prompt}>{t("no_prompt")}</p>;
  if (plain) return <p className={styles.prompt}>{prompt}</p>;
  return (
    <p className={styles.prompt} aria-label={t("prompt")}>
      {tokens.map((token, index) => (
        <Word
          key={index}
          token={token}
          people={markers[index] ?? []}
          names={review.annotations.map(({ annotator }) => annotator)}
        />
      ))}
    </p>
  );
}

interface WordProps {
  token: string;
  people: readonly number[];
  names: readonly string[];
}

function Word({ token, people, names }: WordProps) {
  const { t } = useTranslation("review");
  if (people.length === 0) return <span>{token} </span>;
  const who = people.map((place) => names[place]).join(", ");
  return (
    <>
      <span className={styles.word} title={t("marked_by", { people: who })}>
        {token}
        <span className={styles.wordMarks} aria-hidden="true">
          {people.map((place) => (
            <i key={place} style={{ background: colourOf(place) }} />
          ))}
        </span>
        <span className="visually-hidden">({t("marked_by", { people: who })})</span>
      </span>{" "}
    </>
  );
}

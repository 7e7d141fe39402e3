import { useTranslation } from "@/i18n/useTranslation";

import { keepFocus } from "@/ui/desk/Button";
import { KeyCap } from "@/ui/desk/KeyCap";

import styles from "./ColumnHead.module.css";
import { colourOf } from "@/questions/layers/palette";
import type { ReviewedAnnotation } from "./queries";
import type { ReviewSession } from "./session";

interface Props {
  annotation: ReviewedAnnotation;
  place: number;
  session: ReviewSession;
  onChoose: () => void;
}

/** An annotator and the verdict on them so far; a press chooses them. */
export function ColumnHead({ annotation, place, session, onChoose }: Props) {
  const { t } = useTranslation("review");
  const verdict = session.given[annotation.id]?.verdict ?? annotation.verdict;
  const word =
    verdict === "accept"
      ? t("verdict.accepted")
      : verdict === "reject"
        ? t("verdict.rejected")
        : t("verdict.open");
  return (
    <button
      type="button"
      className={styles.head}
      aria-pressed={place === session.chosen}
      title={t("verdict.choose", { name: annotation.annotator })}
      onMouseDown={keepFocus}
      onClick={onChoose}
    >
      <span className={styles.who}>
        <i style={{ background: colourOf(place) }} />
        {annotation.annotator}
        <KeyCap command="choose" value={place + 1} />
      </span>{" "}
      <span className={styles.verdict} data-verdict={verdict ?? "open"}>
        {word}
      </span>
      {annotation.verdict !== null && " "}
      {annotation.verdict !== null && <span className={styles.earlier}>{t("earlier")}</span>}
    </button>
  );
}

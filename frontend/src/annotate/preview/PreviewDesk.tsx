import { useMemo, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { OneItemDesk } from "@/annotate/single/OneItemDesk";
import type { Question } from "@/questions/kind";

import styles from "./DeskPreview.module.css";
import { sampleImages, sampleItem } from "./samples";

interface Props {
  questions: readonly Question[];
  template: string;
  count: number;
  language: string;
}

/** Templates of which an item has the image that was edited. */
const EDITS = ["edit", "edit-graded"];

/** The desk on a sample item, which comes back when it is answered; the keys are its own in focus. */
export function PreviewDesk({ questions, template, count, language }: Props) {
  const { t } = useTranslation("composing");
  const [item] = useState(() => {
    const rows = [t("preview.rows.there"), t("preview.rows.colour"), t("preview.rows.count")];
    const edited = EDITS.includes(template);
    const prompt = t(edited ? "preview.instruction" : "preview.prompt");
    return sampleItem("preview", prompt, rows, count, language, edited);
  });
  const images = useMemo(() => sampleImages(item), [item]);
  const [sent, setSent] = useState(0);
  const [focused, setFocused] = useState(false);
  return (
    <>
      <div
        className={styles.desk}
        role="group"
        aria-label={t("preview.label")}
        tabIndex={0}
        lang={language}
        onFocus={() => setFocused(true)}
        onBlur={({ currentTarget, relatedTarget }) =>
          setFocused(currentTarget.contains(relatedTarget))
        }
        onPointerDown={({ currentTarget }) => currentTarget.focus({ preventScroll: true })}
      >
        <OneItemDesk
          key={sent}
          questions={questions}
          template={template}
          item={item}
          images={images}
          resting={!focused}
          onAnswered={() => setSent(sent + 1)}
        />
      </div>
      <p className={styles.hint} role="status">
        {sent > 0 ? t("preview.sent", { count: sent }) : t(focused ? "preview.keys" : "preview.click")}
      </p>
    </>
  );
}

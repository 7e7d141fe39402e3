import { useTranslation } from "react-i18next";

import { useDeskView } from "@/annotate/context";

import styles from "./parts.module.css";

/** One line of what the desk has to say about what was just tried. */
export function Notices() {
  const { t, i18n } = useTranslation("annotate");
  const { session, text } = useDeskView();
  const { notice } = session;
  const title = (id: string) => {
    const question = session.questions.find((one) => one.id === id);
    return question ? text.title(question) : id;
  };
  const typeOf = (id: string) => session.questions.find((one) => one.id === id)?.type;

  const words = (): string | null => {
    if (!notice) return null;
    switch (notice.what) {
      case "needs_answer": {
        const question = title(notice.question);
        const type = typeOf(notice.question);
        if (type === "marks") return t("notice.needs_marks", { question });
        if (type === "words") return t("notice.needs_words");
        return t("notice.needs_answer", { question });
      }
      case "still_open": {
        const list = new Intl.ListFormat(i18n.language).format(notice.questions.map(title));
        return t("notice.still_open", { questions: list });
      }
      default:
        return t(`notice.${notice.what}`);
    }
  };
  const said = words();
  return (
    <div className={styles.notices} role="status" aria-live="polite">
      {said && <p className={styles.notice}>{said}</p>}
    </div>
  );
}

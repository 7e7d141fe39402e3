import { useTranslation } from "@/i18n/useTranslation";

import { useDeskView } from "@/annotate/context";
import type { Notice } from "@/annotate/session/state";
import { kindOf } from "@/questions/registry";

import styles from "./Notices.module.css";

/** One line of what the desk has to say about what was just tried. */
export function Notices() {
  const { notice } = useDeskView().session;
  return (
    <div className={styles.notices} role="status" aria-live="polite">
      {notice && (
        <p className={styles.notice}>
          <NoticeText notice={notice} />
        </p>
      )}
    </div>
  );
}

function NoticeText({ notice }: { notice: Notice }) {
  const { t, i18n } = useTranslation("annotate");
  const kindText = useTranslation("questions").t;
  const { session, text } = useDeskView();
  const titles = (ids: readonly string[]) =>
    session.questions.filter(({ id }) => ids.includes(id)).map(text.title);
  switch (notice.what) {
    case "needs_answer": {
      const question = session.questions.find(({ id }) => id === notice.question);
      const [title = ""] = titles([notice.question]);
      return (
        (question && kindOf(question).missing?.(kindText, title)) ??
        t("notice.needs_answer", { question: title })
      );
    }
    case "still_open": {
      const list = new Intl.ListFormat(i18n.language).format(titles(notice.questions));
      return t("notice.still_open", { questions: list });
    }
    case "paused":
      return `${t("notice.paused")} ${notice.note}`;
    default:
      return t(`notice.${notice.what}`);
  }
}

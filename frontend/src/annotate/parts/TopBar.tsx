import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useDeskView } from "@/annotate/context";

import { DeskButton } from "./DeskButton";
import styles from "./parts.module.css";

interface Props {
  project: string;
  today: number;
  ahead: number;
  more: boolean;
  light: ReactNode;
  language: ReactNode;
}

/** Where one is, how far one has come, and what else there is. */
export function TopBar({ project, today, ahead, more, light, language }: Props) {
  const { t } = useTranslation("annotate");
  const home = useTranslation("app").t("home");
  const { session, dispatch } = useDeskView();
  const left = more ? t("progress.left_more", { count: ahead }) : t("progress.left", { count: ahead });
  return (
    <header className={styles.top}>
      <Link className={styles.home} to="/" aria-label={home} title={home}>
        <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width={20} height={20} />
      </Link>
      <span className={styles.project}>{project}</span>
      <span className={styles.progress}>
        {t("progress.today", { count: today })}
        {ahead > 0 && ` · ${left}`}
      </span>
      <span className={styles.space} />
      {light}
      {session.open && !session.open.before && (
        <DeskButton
          look="quiet"
          command="skip"
          onClick={() => dispatch({ type: "dialog", dialog: "skip" })}
        >
          {t("skip.title_short")}
        </DeskButton>
      )}
      <DeskButton
        look="quiet"
        command="undo"
        aria-label={t("commands.undo")}
        onClick={() => dispatch({ type: "undo" })}
      >
        {t("undo_short")}
      </DeskButton>
      <DeskButton
        look="quiet"
        command="guideline"
        chosen={session.guideline}
        onClick={() => dispatch({ type: "guideline" })}
      >
        {t("guideline.title")}
      </DeskButton>
      <DeskButton
        look="quiet"
        command="help"
        aria-label={t("commands.help")}
        onClick={() => dispatch({ type: "dialog", dialog: "help" })}
      >
        {t("help.title")}
      </DeskButton>
      {language}
    </header>
  );
}

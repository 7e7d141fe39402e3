import type { ReactNode } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { Button } from "@/ui/desk/Button";
import { BarSpace, BarText, BarTitle } from "@/ui/desk/Frame";
import { Link } from "@/ui/Link";

import { useDeskView } from "./context";
import styles from "./TopBar.module.css";

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
    <>
      <Link className={styles.home} to="/" aria-label={home} title={home}>
        <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width={20} height={20} />
      </Link>
      <BarTitle>{project}</BarTitle>
      <BarText>
        {t("progress.today", { count: today })}
        {ahead > 0 && ` · ${left}`}
      </BarText>
      <BarSpace />
      {light}
      {session.open && !session.open.before && (
        <Button
          look="quiet"
          command="skip"
          onClick={() => dispatch({ type: "dialog", dialog: "skip" })}
        >
          {t("skip.title_short")}
        </Button>
      )}
      <Button
        look="quiet"
        command="undo"
        aria-label={t("commands.undo")}
        onClick={() => dispatch({ type: "undo" })}
      >
        {t("undo_short")}
      </Button>
      <Button
        look="quiet"
        command="guideline"
        chosen={session.guideline}
        onClick={() => dispatch({ type: "guideline" })}
      >
        {t("guideline.title")}
      </Button>
      <Button
        look="quiet"
        command="help"
        aria-label={t("commands.help")}
        onClick={() => dispatch({ type: "dialog", dialog: "help" })}
      >
        {t("help.title")}
      </Button>
      {language}
    </>
  );
}

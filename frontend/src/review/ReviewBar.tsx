import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useErrorText } from "@/api/errorText";
import { Button } from "@/ui/desk/Button";
import { BarSpace, BarText, BarTitle } from "@/ui/desk/Frame";

import type { Action } from "./commands";
import type { NextReview, Project } from "./queries";
import styles from "./ReviewBar.module.css";

interface Props {
  project: Project | undefined;
  next: NextReview | undefined;
  guideline: boolean;
  /** The last item's verdicts can still be taken back. */
  canUndo: boolean;
  undoError: Error | null;
  onPage: (action: Action) => void;
}

/** Where one is, how much waits, and what else there is. */
export function ReviewBar({ project, next, guideline, canUndo, undoError, onPage }: Props) {
  const { t } = useTranslation("review");
  const errorText = useErrorText();
  const home = project?.roles.includes("manager") ? `/projects/${project.id}` : "/";
  return (
    <>
      <Link className={styles.home ?? ""} to={home} aria-label={t("back")}>
        ←
      </Link>
      <BarTitle>{project?.name}</BarTitle>
      <BarText>{t("title")}</BarText>
      <BarSpace />
      {next && (
        <BarText role="status">
          {t("counts", { waiting: next.waiting, done: next.done, sampled: next.sampled })}
        </BarText>
      )}
      {undoError && <BarText role="status">{errorText(undoError)}</BarText>}
      {canUndo && (
        <Button look="quiet" command="undo" onClick={() => onPage({ kind: "undo" })}>
          {t("undo")}
        </Button>
      )}
      <Button
        look="quiet"
        command="toggle_guideline"
        chosen={guideline}
        onClick={() => onPage({ kind: "toggle_guideline" })}
      >
        {t("guideline")}
      </Button>
      <Button look="quiet" command="toggle_help" onClick={() => onPage({ kind: "toggle_help" })}>
        {t("help.open")}
      </Button>
    </>
  );
}

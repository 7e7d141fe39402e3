import type { ReactNode } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useErrorText } from "@/api/errorText";
import { Button } from "@/ui/desk/Button";
import { BarSpace, BarText, BarTitle } from "@/ui/desk/Frame";
import { Link } from "@/ui/Link";

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
  language: ReactNode;
  onPage: (action: Action) => void;
  /** Takes a part of the filter away. */
  onClear: (name: "batch" | "annotator") => void;
}

/** Where one is, how much waits, and what else there is. */
export function ReviewBar(props: Props) {
  const { project, next, guideline, canUndo, undoError, language, onPage, onClear } = props;
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
      {(["batch", "annotator"] as const).map((name) => {
        const named = name === "batch" ? next?.batch_name : next?.annotator;
        return (
          named && (
            <span key={name} className={styles.chosen}>
              <span>{t(`chosen.${name}`, { name: named })}</span>
              <button type="button" aria-label={t(`chosen.clear_${name}`)} onClick={() => onClear(name)}>
                ✕
              </button>
            </span>
          )
        );
      })}
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
      {language}
    </>
  );
}

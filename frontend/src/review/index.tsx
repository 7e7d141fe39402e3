import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useReducer, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import { useErrorText } from "@/api/errorText";
import type { NextReview, Project } from "@/api/types";

import { type Command, KEY_CAPS } from "./commands";
import { Help } from "./Help";
import { Nothing } from "./Nothing";
import { nextReviewQuery, projectQuery } from "./queries";
import styles from "./review.module.css";
import { ReviewDesk } from "./ReviewDesk";
import { ALL_SHOWN, stepLayers } from "./view";

/** /projects/:id/review */
export default function ReviewPage() {
  const id = Number(useParams().id);
  const project = useQuery(projectQuery(id));
  const next = useQuery(nextReviewQuery(id));
  const [layers, onLayers] = useReducer(stepLayers, ALL_SHOWN);
  const [help, setHelp] = useState(false);
  const [guideline, setGuideline] = useState(false);

  const onPage = (command: Command) => {
    if (command.kind === "toggle_help") setHelp(true);
    if (command.kind === "toggle_guideline") setGuideline(!guideline);
    if (command.kind === "cancel") setGuideline(false);
  };

  return (
    <div className={styles.page}>
      <title>{`${project.data?.name ?? ""} · Triptych`}</title>
      <Bar project={project.data} next={next.data} onPage={onPage} />
      <main className={styles.main}>
        {project.data && next.data ? (
          <>
            {next.data.review ? (
              <ReviewDesk
                key={`${next.data.review.id}-${next.dataUpdatedAt}`}
                project={project.data}
                review={next.data.review}
                layers={layers}
                onLayers={onLayers}
                onPage={onPage}
                covered={help}
              />
            ) : (
              <Nothing next={next.data} />
            )}
            {guideline && <Guideline project={project.data} onClose={() => setGuideline(false)} />}
          </>
        ) : (
          <NotYet queries={[project, next]} />
        )}
      </main>
      {help && <Help onClose={() => setHelp(false)} />}
    </div>
  );
}

interface BarProps {
  project: Project | undefined;
  next: NextReview | undefined;
  onPage: (command: Command) => void;
}

function Bar({ project, next, onPage }: BarProps) {
  const { t } = useTranslation("review");
  const manages = project?.roles.includes("manager") ?? false;
  return (
    <header className={styles.bar}>
      <Link className={styles.home ?? ""} to={manages ? `/projects/${project?.id ?? ""}` : "/"} aria-label={t("back")}>
        ←
      </Link>
      <span className={styles.name}>{project?.name}</span>
      <span className={styles.room}>{t("title")}</span>
      <span className={styles.space} />
      {next && (
        <span className={styles.counts} role="status">
          {t("counts", { waiting: next.waiting, done: next.done, sampled: next.sampled })}
        </span>
      )}
      <button
        type="button"
        className={styles.barButton}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => onPage({ kind: "toggle_guideline" })}
      >
        {t("guideline")} <kbd>{KEY_CAPS.toggle_guideline}</kbd>
      </button>
      <button
        type="button"
        className={styles.barButton}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => onPage({ kind: "toggle_help" })}
      >
        {t("help.open")} <kbd>{KEY_CAPS.toggle_help}</kbd>
      </button>
    </header>
  );
}

function Guideline({ project, onClose }: { project: Project; onClose: () => void }) {
  const { t } = useTranslation("review");
  return (
    <aside className={styles.guideline} aria-label={t("guideline")}>
      <h2>{t("guideline")}</h2>
      <div className={styles.guidelineText} tabIndex={0} role="region" aria-label={t("guideline")}>
        {project.guideline.trim() === "" ? t("no_guideline") : project.guideline}
      </div>
      <button type="button" className={styles.key} onClick={onClose}>
        {t("help.close")} <kbd>Esc</kbd>
      </button>
    </aside>
  );
}

function NotYet({ queries }: { queries: readonly UseQueryResult[] }) {
  const { t } = useTranslation("app");
  const errorText = useErrorText();
  const failed = queries.find((query) => query.isError);
  if (!failed) {
    return (
      <p className={styles.loading} role="status">
        {t("loading")}
      </p>
    );
  }
  const again = () => {
    for (const query of queries) if (query.isError) void query.refetch();
  };
  return (
    <div className={styles.nothing} role="alert">
      <p>{errorText(failed.error)}</p>
      <button type="button" className={styles.key} onClick={again}>
        {t("retry")}
      </button>
    </div>
  );
}

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useErrorText } from "@/api/errorText";
import { myProjectsQuery, useMe } from "@/api/queries";
import { Button, buttonClass } from "@/ui/Button";
import { Link } from "@/ui/Link";

import { Frame } from "./Frame";
import styles from "./HomePage.module.css";
import { Loading } from "./Loading";
import { ProjectCard } from "./ProjectCard";

export function HomePage() {
  const { t } = useTranslation("app");
  const me = useMe();
  const [archived, setArchived] = useState(false);
  return (
    <Frame>
      <div className={styles.titleRow}>
        <h1>{t("projects.title")}</h1>
        {me.can_create_projects && (
          <Link className={buttonClass()} to="/projects/new">
            {t("projects.new")}
          </Link>
        )}
      </div>
      <Projects archived={archived} onArchived={setArchived} />
    </Frame>
  );
}

interface Props {
  archived: boolean;
  onArchived: (archived: boolean) => void;
}

function Projects({ archived, onArchived }: Props) {
  const { t } = useTranslation("running");
  const text = useErrorText();
  const query = useQuery(myProjectsQuery(archived));
  if (query.isPending) return <Loading />;
  if (query.isError) {
    return (
      <section className={styles.empty} role="alert">
        <p>{text(query.error)}</p>
        <Retry onClick={() => void query.refetch()} />
      </section>
    );
  }
  const { projects, archived: away } = query.data;
  return (
    <>
      {projects.length === 0 ? (
        <NoProjects archived={away} />
      ) : (
        <ul className={styles.projects}>
          {projects.map((project) => (
            <ProjectCard key={project.id} project={project} />
          ))}
        </ul>
      )}
      {away > 0 && (
        <label className={styles.archived}>
          <input
            type="checkbox"
            checked={archived}
            onChange={(event) => onArchived(event.currentTarget.checked)}
          />
          {t("home.show_archived", { count: away })}
        </label>
      )}
    </>
  );
}

function Retry({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation("app");
  return <Button onClick={onClick}>{t("retry")}</Button>;
}

function NoProjects({ archived }: { archived: number }) {
  const { t } = useTranslation("app");
  const { t: tRunning } = useTranslation("running");
  const me = useMe();
  return (
    <section className={styles.empty}>
      <h2>{archived > 0 ? tRunning("home.all_archived") : t("projects.empty_title")}</h2>
      {archived === 0 && (
        <p>{me.can_create_projects ? t("projects.empty_creator") : t("projects.empty")}</p>
      )}
    </section>
  );
}

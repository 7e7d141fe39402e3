import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useMe } from "@/api/queries";
import { buttonClass } from "@/ui/Button";

import { Frame } from "./Frame";
import styles from "./HomePage.module.css";
import { ProjectCard } from "./ProjectCard";

export function HomePage() {
  const { t } = useTranslation("app");
  const me = useMe();
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
      {me.projects.length === 0 ? (
        <section className={styles.empty}>
          <h2>{t("projects.empty_title")}</h2>
          <p>{me.can_create_projects ? t("projects.empty_creator") : t("projects.empty")}</p>
        </section>
      ) : (
        <ul className={styles.projects}>
          {me.projects.map((project) => (
            <ProjectCard key={project.id} project={project} />
          ))}
        </ul>
      )}
    </Frame>
  );
}

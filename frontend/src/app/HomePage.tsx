import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useMe } from "@/api/queries";
import type { ProjectOfMine } from "@/api/types";
import { buttonClass } from "@/ui/Button";

import styles from "./app.module.css";
import { Frame } from "./Frame";

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

/** The person's work in a project, one click each; what they mostly do stands out. */
function ProjectCard({ project }: { project: ProjectOfMine }) {
  const { t } = useTranslation("app");
  const { id, name, template, roles } = project;
  const manages = roles.includes("manager");
  const links = [
    { to: `/projects/${id}/annotate`, label: t("projects.annotate"), on: roles.includes("annotator") },
    {
      to: `/projects/${id}/review`,
      label: t("projects.review"),
      on: manages || roles.includes("reviewer"),
    },
    { to: `/projects/${id}`, label: t("projects.manage"), on: manages },
  ].filter((link) => link.on);
  return (
    <li className={styles.project}>
      <div className={styles.projectText}>
        <h2>{name}</h2>
        <p>{t(`templates.${template}`)}</p>
      </div>
      <nav aria-label={name} className={styles.projectLinks}>
        {links.map((link, index) => (
          <Link
            key={link.to}
            className={buttonClass(index === 0 ? "primary" : "plain")}
            to={link.to}
            aria-label={`${link.label}: ${name}`}
          >
            {link.label}
          </Link>
        ))}
      </nav>
    </li>
  );
}

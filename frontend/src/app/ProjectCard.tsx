import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import type { Schemas } from "@/api/client";
import { buttonClass } from "@/ui/Button";

import styles from "./ProjectCard.module.css";

/** The person's work in a project, one click each; what they mostly do stands out. */
export function ProjectCard({ project }: { project: Schemas["MyProject"] }) {
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
    { to: `/projects/${id}/mine`, label: t("projects.mine"), on: roles.includes("annotator") },
    { to: `/projects/${id}`, label: t("projects.manage"), on: manages },
  ].filter((link) => link.on);
  return (
    <li className={styles.card}>
      <div className={styles.text}>
        <h2>{name}</h2>
        <p>{t(`templates.${template}`)}</p>
      </div>
      <nav aria-label={name} className={styles.links}>
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

import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { buttonClass } from "@/ui/Button";
import { Link } from "@/ui/Link";

import styles from "./ProjectCard.module.css";

type Project = Schemas["ListedProject"];

/** The person's work in a project, one click each; what they mostly do stands out. */
export function ProjectCard({ project }: { project: Project }) {
  const { t } = useTranslation("app");
  const { id, name, template, roles } = project;
  const manages = roles.includes("manager");
  const archived = project.state === "archived";
  const links = [
    {
      to: `/projects/${id}/annotate`,
      label: t("projects.annotate"),
      on: !archived && roles.includes("annotator"),
    },
    {
      to: `/projects/${id}/review`,
      label: t("projects.review"),
      on: !archived && (manages || roles.includes("reviewer")),
    },
    { to: `/projects/${id}/mine`, label: t("projects.mine"), on: roles.includes("annotator") },
    { to: `/projects/${id}`, label: t("projects.manage"), on: manages },
  ].filter((link) => link.on);
  return (
    <li className={styles.card}>
      <div className={styles.text}>
        <h2>
          {name} <State project={project} />
        </h2>
        <p>{t(`templates.${template}`)}</p>
        <Work project={project} />
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

function State({ project: { state } }: { project: Project }) {
  const { t } = useTranslation("running");
  if (state === "active") return null;
  return <span className={styles.state}>{t(`states.${state}`)}</span>;
}

/** How far it is, and what waits for this person. */
function Work({ project }: { project: Project }) {
  const { t, i18n } = useTranslation("running");
  const { items, settled, state, reviews_waiting: reviews, left_for_you: left } = project;
  const number = (n: number) => new Intl.NumberFormat(i18n.language).format(n);
  const waits = [
    ...(left === null || state !== "active" ? [] : [leftText(project)]),
    ...(reviews === null || reviews === 0 ? [] : [t("home.reviews", { count: reviews })]),
  ];

  function leftText({ left_is_capped: capped }: Project): string {
    if (!left) return t("home.left_none");
    return capped ? t("home.left_capped", { count: left }) : t("home.left", { count: left });
  }

  return (
    <>
      {items !== null && settled !== null && items > 0 && (
        <div className={styles.progress}>
          <progress
            value={settled}
            max={items}
            aria-label={t("home.settled", { settled: number(settled), items: number(items) })}
          />
          <span>{t("home.settled", { settled: number(settled), items: number(items) })}</span>
        </div>
      )}
      {waits.length > 0 && <p className={styles.waits}>{waits.join(" · ")}</p>}
    </>
  );
}

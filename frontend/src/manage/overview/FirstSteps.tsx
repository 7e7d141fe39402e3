import { Anchor, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { Section } from "@/manage/parts/Section";
import { membersQuery } from "@/manage/queries";
import { Link } from "@/ui/Link";

import styles from "./overview.module.css";

interface Step {
  readonly name: "upload" | "guideline" | "annotators" | "reviewer";
  readonly done: boolean;
  /** The page within the project where it is done; none: on this one. */
  readonly page?: "batches" | "members";
}

interface Props {
  project: Schemas["Project"];
  items: number;
}

/** What a new project needs before answers come in; nothing once all of it is there. */
export function FirstSteps({ project, items }: Props) {
  const { t } = useTranslation("manage");
  const { data: members } = useQuery(membersQuery(project.id));
  if (!members) return null;
  const people = (role: Schemas["Role"]) => members.filter((one) => one.role === role).length;
  const count = people("annotator");
  const { id, overlap, guideline, review_rate: rate } = project;
  const steps: Step[] = [
    { name: "guideline", done: guideline.trim() !== "" },
    { name: "annotators", done: count >= overlap, page: "members" },
    { name: "upload", done: items > 0, page: "batches" },
  ];
  if (rate > 0) steps.push({ name: "reviewer", done: people("reviewer") > 0, page: "members" });
  if (steps.every(({ done }) => done)) return null;
  return (
    <Section title={t("overview.first.title")}>
      <ol className={styles.steps}>
        {steps.map(({ name, done, page }) => (
          <li key={name} data-done={done || undefined}>
            <span aria-hidden="true">{done ? "✓" : "○"}</span>
            <div>
              <Text size="sm" fw={550}>
                {page ? (
                  <Anchor component={Link} to={`/projects/${id}/${page}`} underline="always" inherit>
                    {t(`overview.first.${name}`)}
                  </Anchor>
                ) : (
                  t(`overview.first.${name}`)
                )}
                <span className="visually-hidden"> ({t(done ? "overview.first.done" : "overview.first.open")})</span>
              </Text>
              <Text size="sm" c="dimmed">
                {t(`overview.first.${name}_help`, { count, overlap })}
              </Text>
            </div>
          </li>
        ))}
      </ol>
    </Section>
  );
}

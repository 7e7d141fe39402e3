import { Button, Group, List, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useQuestionText } from "@/i18n/questionText";
import { Section } from "@/manage/parts/Section";
import { GuidelineVersions } from "@/manage/guideline/GuidelineVersions";
import { useFormat } from "@/manage/parts/useFormat";
import { Link } from "@/ui/Link";
import { Markdown } from "@/ui/markdown/Markdown";

import { EditProject } from "./EditProject";
import styles from "./overview.module.css";

/** What is asked, of how many, with which guideline; and the way to change it. */
export function ProjectCard({ project }: { project: Schemas["Project"] }) {
  const { t } = useTranslation(["manage", "composing"]);
  const { t: tApp } = useTranslation("app");
  const format = useFormat();
  const { title } = useQuestionText(project.template);
  const [editing, setEditing] = useState(false);
  return (
    <Section
      title={t("overview.settings")}
      actions={
        <Group gap="xs">
          <Button
            component={Link}
            to={`/projects/${project.id}/questions`}
            size="compact-sm"
            variant="default"
          >
            {t(project.template === "custom" ? "composing:edit" : "composing:see")}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => setEditing(true)}>
            {t("edit")}
          </Button>
        </Group>
      }
    >
      <Text size="sm" fw={550}>
        {tApp(`templates.${project.template}`)}
      </Text>
      <List size="sm" spacing={2}>
        {project.questions.map((question) => (
          <List.Item key={question.id}>{title(question)}</List.Item>
        ))}
      </List>
      <Text size="sm" c="dimmed">
        {[
          t("overview.overlap_value", { count: project.overlap }),
          t("overview.review_value", { share: format.percent(project.review_rate) }),
          t("overview.lease_value", { duration: format.duration(project.lease_seconds * 1000) }),
        ].join(" · ")}
      </Text>
      <Text size="sm" fw={550} mt={4}>
        {t("overview.guideline")}
      </Text>
      {project.guideline.trim() === "" ? (
        <Text size="sm" c="dimmed">
          {t("overview.no_guideline")}
        </Text>
      ) : (
        <div className={styles.guideline} tabIndex={0} role="region" aria-label={t("overview.guideline")}>
          <Markdown text={project.guideline} />
        </div>
      )}
      <GuidelineVersions project={project} />
      {editing && <EditProject project={project} onClose={() => setEditing(false)} />}
    </Section>
  );
}

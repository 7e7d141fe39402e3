import { Button, Group, List, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useQuestionText } from "@/i18n/questionText";
import { Section } from "@/manage/parts/Section";
import { Rules } from "@/manage/batches/Rules";
import { GuidelineVersions } from "@/manage/guideline/GuidelineVersions";
import { useFormat } from "@/manage/parts/useFormat";
import { Link } from "@/ui/Link";
import { Markdown } from "@/ui/markdown/Markdown";

import { EditProject } from "./EditProject";
import styles from "./overview.module.css";

/** What is asked, of how many, with which guideline; and the way to change it. */
export function ProjectCard({ project }: { project: Schemas["Project"] }) {
  const { t } = useTranslation(["manage", "composing", "signoff"]);
  const { t: tApp } = useTranslation("app");
  const format = useFormat();
  const { title } = useQuestionText(project.template);
  const [open, setOpen] = useState<"edit" | "rules" | null>(null);
  const close = () => setOpen(null);
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
          <Button size="compact-sm" variant="default" onClick={() => setOpen("edit")}>
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
      <Button
        size="compact-sm"
        variant="default"
        style={{ alignSelf: "flex-start" }}
        onClick={() => setOpen("rules")}
      >
        {t("signoff:change_rule")}
      </Button>
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
      {open === "edit" && <EditProject project={project} onClose={close} />}
      {open === "rules" && <Rules onClose={close} />}
    </Section>
  );
}

import { Badge, Stack } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { Section } from "@/manage/parts/Section";

import { GivenTable } from "./GivenTable";
import type { DetailedItem } from "./queries";

/** What imported judges said: beside people's answers, never among them. */
export function ImportedAnswers({ project, item }: { project: Schemas["Project"]; item: DetailedItem }) {
  const { t } = useTranslation("datasets");
  const given = item.imported;
  if (given.length === 0) return null;
  const note = `${t("imported_note")} ${t(project.imported_votes ? "counted" : "not_counted")}`;
  return (
    <Section title={t("imported")} note={note}>
      <GivenTable
        project={project}
        letters={item.images.map((image) => image.letter)}
        checklist={item.checklist}
        given={given}
        head={(one) => (
          <Stack gap={2} align="flex-start">
            <span>
              {one.judge || t("nameless")} {one.count > 1 && t("times", { count: one.count })}
            </span>
            <Badge size="xs" variant="light" color="gray">
              {t(`layout.${one.source as "pickapic"}`)}
            </Badge>
          </Stack>
        )}
      />
    </Section>
  );
}

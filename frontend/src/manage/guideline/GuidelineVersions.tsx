import { Button, Modal, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, type Schemas, server } from "@/api/client";
import { useQuestionText } from "@/i18n/questionText";
import { Section } from "@/manage/parts/Section";
import { Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { everAsked } from "@/questions/asked";
import { Markdown } from "@/ui/markdown/Markdown";

type Project = Schemas["Project"];

/** The guideline's versions, who has read each, and how alike people answer under each. */
export function GuidelineVersions({ project }: { project: Project }) {
  const { t } = useTranslation("learning");
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="compact-sm" variant="default" w="fit-content" onClick={() => setOpen(true)}>
        {t("guideline.versions")}
      </Button>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title={t("guideline.versions_title")}
        size="xl"
      >
        <Versions project={project} />
      </Modal>
    </>
  );
}

function Versions({ project }: { project: Project }) {
  const { t } = useTranslation("learning");
  const versions = useQuery({
    queryKey: ["project", project.id, "guideline", "versions"],
    queryFn: ({ signal }) =>
      answer(
        server.GET("/projects/{project_id}/guideline/versions", {
          params: { path: { project_id: project.id } },
          signal,
        }),
      ),
  });
  return (
    <Loaded query={versions}>
      {({ versions: all, sampled }) => (
        <Stack gap="md">
          {all.length === 0 && <Text size="sm">{t("guideline.none")}</Text>}
          {all.map((version) => (
            <Version key={version.number} version={version} project={project} />
          ))}
          {sampled && (
            <Text size="xs" c="dimmed">
              {t("guideline.sampled")}
            </Text>
          )}
        </Stack>
      )}
    </Loaded>
  );
}

function Version({
  version,
  project,
}: {
  version: Schemas["GuidelineVersion"];
  project: Project;
}) {
  const { t } = useTranslation("learning");
  const format = useFormat();
  const { title } = useQuestionText(project.template);
  const { number, at, by, read_by: readBy, answers, agreement, text } = version;
  const compared = agreement.filter(({ level }) => level !== "");
  return (
    <Section title={t("guideline.version", { number })}>
      <Text size="sm" c="dimmed">
        {[
          t("guideline.by", {
            when: format.dateTime(at),
            name: by === null ? "" : by.display_name || by.username,
          }),
          ...(number > 1 ? [t("guideline.read_by", { count: readBy })] : []),
          t("guideline.answers", { count: answers }),
        ].join(" · ")}
      </Text>
      <Markdown text={text} />
      {compared.length > 0 && (
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("guideline.question")}</Table.Th>
              <Table.Th>{t("guideline.alpha")}</Table.Th>
              <Table.Th>{t("guideline.items")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {everAsked(project).map((question) => {
              const found = compared.find(({ id }) => id === question.id);
              return (
                found && (
                  <Table.Tr key={question.id}>
                    <Table.Td>{title(question)}</Table.Td>
                    <Table.Td>{found.alpha?.toFixed(2) ?? t("guideline.not_yet")}</Table.Td>
                    <Table.Td>{found.n}</Table.Td>
                  </Table.Tr>
                )
              );
            })}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}

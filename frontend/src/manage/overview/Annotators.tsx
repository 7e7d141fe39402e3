import { Anchor, Table, Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { csvText } from "@/manage/csv";
import { useProject } from "@/manage/frame/ProjectFrame";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { useFormat } from "@/manage/parts/useFormat";
import { Link } from "@/ui/Link";

export function Annotators({ annotators }: { annotators: Schemas["AnnotatorWork"][] }) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  const { id } = useProject();
  if (annotators.length === 0) {
    return (
      <Section title={t("overview.annotators")}>
        <Text size="sm" c="dimmed">
          {t("overview.annotators_empty")}{" "}
          <Anchor component={Link} to={`/projects/${id}/members`} inherit underline="always">
            {t("overview.to_members")}
          </Anchor>
        </Text>
      </Section>
    );
  }
  return (
    <Section
      title={t("overview.annotators")}
      note={t("overview.annotators_note")}
      actions={
        <SaveMenu
          title={t("overview.annotators")}
          name={`annotators-${id}`}
          tables={{ csv: () => annotatorsCsv(annotators) }}
        />
      }
    >
      <Table.ScrollContainer type="native" minWidth={480}>
        <Table className="numbers">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("overview.name")}</Table.Th>
              <Table.Th ta="right">{t("overview.annotations")}</Table.Th>
              <Table.Th ta="right">{t("overview.accepted")}</Table.Th>
              <Table.Th ta="right">{t("overview.rejected")}</Table.Th>
              <Table.Th ta="right">{t("overview.median")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {annotators.map((person) => (
              <Table.Tr key={person.id}>
                <Table.Td>{person.name}</Table.Td>
                <Table.Td ta="right">{format.integer(person.annotations)}</Table.Td>
                <Table.Td ta="right">{format.integer(person.accepted)}</Table.Td>
                <Table.Td ta="right">{format.integer(person.rejected)}</Table.Td>
                <Table.Td ta="right">
                  {person.median_active_ms === null
                    ? t("none")
                    : format.duration(person.median_active_ms)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}

function annotatorsCsv(annotators: readonly Schemas["AnnotatorWork"][]): string {
  return csvText(
    ["id", "name", "answers", "accepted", "rejected", "median_active_ms"],
    annotators.map((one) => [
      one.id, one.name, one.annotations, one.accepted, one.rejected, one.median_active_ms,
    ]), // prettier-ignore
  );
}

import { Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Schemas } from "@/api/client";
import { Section } from "@/manage/parts/Section";
import { useFormat } from "@/manage/parts/useFormat";

export function Annotators({ annotators }: { annotators: Schemas["AnnotatorWork"][] }) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  if (annotators.length === 0) {
    return (
      <Section title={t("overview.annotators")}>
        <Text size="sm" c="dimmed">
          {t("overview.annotators_empty")}
        </Text>
      </Section>
    );
  }
  return (
    <Section title={t("overview.annotators")} note={t("overview.annotators_note")}>
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

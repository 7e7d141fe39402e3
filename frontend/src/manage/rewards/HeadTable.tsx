import { Button, Table, Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import { Section } from "@/manage/parts/Section";
import { useFormat } from "@/manage/parts/useFormat";

import type { Head } from "./queries";

interface Props {
  heads: readonly Head[];
  shown: number | null;
  onShow: (id: number) => void;
}

/** All that were asked for, the newest first. */
export function HeadTable({ heads, shown, onShow }: Props) {
  const { t } = useTranslation("rewards");
  const format = useFormat();
  return (
    <Section title={t("history")}>
      <Table w="auto" style={{ alignSelf: "flex-start" }} horizontalSpacing="md" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("history_when")}</Table.Th>
            <Table.Th>{t("history_network")}</Table.Th>
            <Table.Th>{t("history_state")}</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {heads.map((head) => (
            <Table.Tr key={head.id}>
              <Table.Td>{format.dateTime(head.created_at)}</Table.Td>
              <Table.Td>{head.network}</Table.Td>
              <Table.Td>{t(`states.${head.state}`)}</Table.Td>
              <Table.Td>
                {head.id === shown ? (
                  <Text size="sm" c="dimmed">
                    {t("shown")}
                  </Text>
                ) : (
                  head.state === "done" && (
                    <Button size="compact-sm" variant="default" onClick={() => onShow(head.id)}>
                      {t("show")}
                    </Button>
                  )
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}

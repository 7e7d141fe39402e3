import { Table, Text, UnstyledButton } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import { ends } from "@/manage/charts/scale";
import { useFormat } from "@/manage/parts/useFormat";

import { type Board, isShare, partsOf } from "./boards";

interface Props {
  boards: readonly Board[];
  shown: Board;
  onChoose: (part: string) => void;
}

/** One question over all parts: who stands how in each; a part's name opens its board. */
export function PartsTable({ boards, shown, onChoose }: Props) {
  const { t } = useTranslation("boards");
  const format = useFormat();
  const { generators, rows } = partsOf(boards);
  const write = (value: number) => (isShare(shown) ? format.percent(value) : format.fixed(value, 2));
  return (
    <Table.ScrollContainer type="native" minWidth={420}>
      <Table className="numbers" horizontalSpacing={6} aria-label={t("by.parts")}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("by.part")}</Table.Th>
            <Table.Th ta="right">{t("by.prompts")}</Table.Th>
            {generators.map((name) => (
              <Table.Th key={name} ta="right">
                {name || t("unknown_generator")}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody style={{ whiteSpace: "nowrap" }}>
          {rows.map(({ board, standings }) => (
            <Table.Tr key={board.part} {...(board === shown ? { bg: "var(--mantine-color-default-hover)" } : {})}>
              <Table.Td>
                <UnstyledButton
                  fz="sm"
                  fw={board === shown ? 700 : 500}
                  aria-pressed={board === shown}
                  onClick={() => onChoose(board.part ?? "")}
                >
                  {board.part || t("by.without")}
                </UnstyledButton>
              </Table.Td>
              <Table.Td ta="right">{format.integer(board.prompts)}</Table.Td>
              {standings.map((row, place) => (
                <Table.Td key={generators[place]} ta="right">
                  {row === undefined || row.value === null ? "–" : write(row.value)}
                  <Text size="xs" c="dimmed">
                    {(row && ends(row.interval)?.map(write).join(" … ")) ??
                      (board.no_interval && row ? t("by.few") : "")}
                  </Text>
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

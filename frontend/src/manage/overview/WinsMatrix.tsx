import { Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import { HeatTable } from "@/manage/charts/HeatTable";
import { useFormat } from "@/manage/parts/useFormat";

import type { Board, Standing } from "./boards";

interface Props {
  board: Board;
  rows: readonly Standing[];
}

/** Row over column: how often it was preferred, or ranked above. */
export function WinsMatrix({ board, rows }: Props) {
  const { t } = useTranslation("boards");
  const format = useFormat();
  const name = (generator: string) => generator || t("unknown_generator");
  const names = rows.map(({ generator }) => name(generator));
  const met = new Map(
    board.matrix.map((row) => [`${name(row.generator)}\n${name(row.against)}`, row]),
  );
  return (
    <div>
      <Text size="sm" fw={600}>
        {t(board.measure === "win_rate" ? "matrix" : "matrix_of_rankings")}
      </Text>
      <Text size="xs" c="dimmed" mb={4}>
        {t("matrix_note")}
      </Text>
      <HeatTable
        rows={names}
        columns={names}
        corner=""
        cell={(row, column) => {
          const found = met.get(`${row}\n${column}`);
          if (found === undefined) return null;
          const share = (found.wins + found.ties / 2) / found.n;
          const text = format.percent(share);
          const n = format.integer(found.n);
          return {
            share,
            text,
            small: n,
            label: t("matrix_cell", { row, column, share: text, n }),
          };
        }}
      />
    </div>
  );
}

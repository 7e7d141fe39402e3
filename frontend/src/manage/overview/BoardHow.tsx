import { List, Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Board } from "./boards";

/** What each number is, and of which answers. */
export function BoardHow({ board }: { board: Board }) {
  const { t } = useTranslation("boards");
  const lines = [
    t("how.answers"),
    t(`how.${board.measure}`),
    ...(board.measure === "win_rate" ? [t("how.sides"), t("how.fragile")] : []),
    t("how.intervals"),
    t("how.rank"),
  ];
  return (
    <details>
      <Text component="summary" size="sm" style={{ cursor: "pointer" }}>
        {t("how.title")}
      </Text>
      <List size="sm" spacing={4} mt={6} maw={760}>
        {lines.map((line) => (
          <List.Item key={line}>{line}</List.Item>
        ))}
      </List>
    </details>
  );
}

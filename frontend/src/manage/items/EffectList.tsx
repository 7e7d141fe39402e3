import { List, Paper, Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { ItemEffect } from "./queries";

/** What a move would do, in sentences. */
export function EffectList({ effect }: { effect: ItemEffect }) {
  const { t } = useTranslation("items");
  const { before, after, settled_before: was, settled_after: is } = effect;
  const lines = [
    before === after
      ? null
      : t("effect.state", { before: t(`state.${before}`), after: t(`state.${after}`) }),
    was && !is ? t("effect.withdrawn") : null,
    !was && is ? t("effect.settled") : null,
    was && is && !effect.overridden ? t("effect.stays") : null,
    is && effect.overridden ? t("effect.overridden") : null,
    effect.given_back_by.length > 0
      ? t("effect.given_back", { names: effect.given_back_by.join(", ") })
      : null,
    effect.opened > 0 ? t("effect.opened", { count: effect.opened }) : null,
    effect.opened > 0 && effect.annotators_left > 0
      ? t("effect.left", { count: effect.annotators_left })
      : null,
  ].filter((line) => line !== null);
  const nobody = effect.opened > 0 && effect.annotators_left === 0;
  return (
    <Paper withBorder p="sm" bg="gray.0">
      <Text size="xs" fw={600} mb={4}>
        {t("move.would")}
      </Text>
      <List size="sm">
        {lines.map((line) => (
          <List.Item key={line}>{line}</List.Item>
        ))}
        {nobody && (
          <List.Item>
            <Text component="span" size="sm" c="red.9">
              {t("effect.nobody")}
            </Text>
          </List.Item>
        )}
      </List>
    </Paper>
  );
}

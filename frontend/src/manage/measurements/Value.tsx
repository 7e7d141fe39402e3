import { Badge, Text, Tooltip } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import { useReasons } from "@/i18n/reason";
import { useFormat } from "@/manage/parts/useFormat";

import type { MeasuredValue } from "./queries";

/** One value, or that there is none yet, or why there is none. */
export function Value({ of, unit }: { of: MeasuredValue | undefined; unit: string }) {
  const { t } = useTranslation("metrics");
  const format = useFormat();
  const say = useReasons();
  if (!of) return <span>{t("value.absent")}</span>;
  if (of.state === "failed") {
    return (
      <Tooltip
        label={say(of.reasons)}
        multiline
        maw={320}
        withArrow
        events={{ hover: true, focus: true, touch: true }}
      >
        <Badge color="red" size="sm" tabIndex={0}>
          {t("value.failed")}
        </Badge>
      </Tooltip>
    );
  }
  if (of.text !== "") return <span>{of.text}</span>;
  if (of.infinite) {
    return <span title={say(of.reasons)}>{unit === "" ? "∞" : `∞ ${unit}`}</span>;
  }
  if (of.value === null) {
    return (
      <Text span c="dimmed" inherit title={say(of.reasons)}>
        {t("value.absent")}
      </Text>
    );
  }
  return <span>{`${format.measured(of.value)}${unit === "" ? "" : ` ${unit}`}`}</span>;
}

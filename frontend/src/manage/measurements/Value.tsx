import { Badge, Text, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { MeasuredValue } from "@/api/metrics";
import { useFormat } from "@/manage/parts/useFormat";

/** One value, or that there is none yet, or why there is none. */
export function Value({ of, unit }: { of: MeasuredValue | undefined; unit: string }) {
  const { t } = useTranslation("metrics");
  const format = useFormat();
  if (!of) return <span>{t("value.absent")}</span>;
  if (of.state === "failed") {
    return (
      <Tooltip
        label={of.error}
        multiline
        maw={320}
        withArrow
        events={{ hover: true, focus: true, touch: true }}
      >
        <Badge color="red" variant="light" size="sm" tt="none" tabIndex={0}>
          {t("value.failed")}
        </Badge>
      </Tooltip>
    );
  }
  if (of.value === null) {
    return (
      <Text span c="dimmed" inherit>
        {t("value.pending")}
      </Text>
    );
  }
  if (typeof of.value === "string") return <span>{of.value}</span>;
  return <span>{`${format.measured(of.value)}${unit === "" ? "" : ` ${unit}`}`}</span>;
}

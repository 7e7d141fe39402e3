import { Text, Tooltip } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";


import { ARROWS, directionKey, useDescription } from "./metricText";
import type { Metric } from "./queries";

/** A metric's name with its direction; what it measures is told on hover and focus. */
export function MetricName({ metric }: { metric: Metric }) {
  const { t } = useTranslation("metrics");
  const describe = useDescription();
  const direction = directionKey(metric.direction);
  const more = [
    describe(metric),
    t(`direction.${direction}`),
    metric.unit === "" ? null : t("unit", { unit: metric.unit }),
    t("version", { version: metric.version }),
  ].filter((part) => part !== null);
  return (
    <Tooltip
      label={more.join(" · ")}
      multiline
      w={280}
      withArrow
      events={{ hover: true, focus: true, touch: true }}
    >
      <Text span inherit tabIndex={0} td="underline dotted" style={{ cursor: "help" }}>
        {metric.name}
        {direction !== "neutral" && <span aria-hidden="true">{` ${ARROWS[direction]}`}</span>}
      </Text>
    </Tooltip>
  );
}

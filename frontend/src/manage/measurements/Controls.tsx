import { Group, SegmentedControl, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Metric } from "@/api/types";

import { isNumeric } from "./metricText";
import type { Filter, Order } from "./table";

export interface View {
  layout: "grid" | "table";
  order: Order | null;
  filter: Filter;
}

interface Props {
  view: View;
  onChange: (view: View) => void;
  metrics: readonly Metric[];
  generators: readonly string[];
}

const ALL = "";

export function Controls({ view, onChange, metrics, generators }: Props) {
  const { t } = useTranslation("manage");
  const orders = metrics.filter(isNumeric).flatMap(({ name }) => [
    { value: `${name} asc`, label: `${name}: ${t("measurements.ascending")}` },
    { value: `${name} desc`, label: `${name}: ${t("measurements.descending")}` },
  ]);
  const chosen = view.order ? `${view.order.metric} ${view.order.descending ? "desc" : "asc"}` : ALL;
  const setOrder = (value: string | null) => {
    const [metric, way] = (value ?? "").split(" ");
    const order = metric ? { metric, descending: way === "desc" } : null;
    onChange({ ...view, order });
  };
  const setFilter = (more: Partial<Filter>) =>
    onChange({ ...view, filter: { ...view.filter, ...more } });
  const named = generators.filter((name) => name !== "");
  return (
    <Group align="flex-end" gap="sm">
      <Select
        size="xs"
        w={230}
        label={t("measurements.sort_by")}
        value={chosen}
        allowDeselect={false}
        data={[{ value: ALL, label: t("measurements.sort_none") }, ...orders]}
        onChange={setOrder}
      />
      <Select
        size="xs"
        w={180}
        label={t("measurements.filter_generator")}
        value={view.filter.generator ?? ALL}
        allowDeselect={false}
        data={[
          { value: ALL, label: t("measurements.all_generators") },
          ...named.map((name) => ({ value: name, label: name })),
        ]}
        onChange={(value) => setFilter({ generator: value === null || value === ALL ? null : value })}
      />
      <SegmentedControl
        size="xs"
        aria-label={t("measurements.only")}
        value={view.filter.only}
        data={[
          { value: "all", label: t("measurements.only_all") },
          { value: "failed", label: t("measurements.only_failed") },
          { value: "near", label: t("measurements.only_near") },
        ]}
        onChange={(only) => setFilter({ only })}
      />
      <SegmentedControl
        size="xs"
        ml="auto"
        aria-label={t("measurements.view")}
        value={view.layout}
        data={[
          { value: "grid", label: t("measurements.as_grid") },
          { value: "table", label: t("measurements.as_table") },
        ]}
        onChange={(layout) => onChange({ ...view, layout })}
      />
    </Group>
  );
}

import { Group, MultiSelect, SegmentedControl, Select } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";


import { isNumeric } from "./metricText";
import type { Metric } from "./queries";
import type { Filter, Order } from "./table";

export interface View {
  layout: "grid" | "table";
  order: Order | null;
  filter: Filter;
  /** Metrics whose values stand beside the images; null: the first few. */
  shown: string[] | null;
}

interface Props {
  view: View;
  onChange: (view: View) => void;
  metrics: readonly Metric[];
  shown: readonly string[];
  generators: readonly string[];
}

const ALL = "";

export function Controls({ view, onChange, metrics, shown, generators }: Props) {
  const { t } = useTranslation("metrics");
  const numeric = metrics.filter(isNumeric);
  const orders = numeric.flatMap(({ name }) => [
    { value: `${name} asc`, label: `${name}: ${t("gallery.ascending")}` },
    { value: `${name} desc`, label: `${name}: ${t("gallery.descending")}` },
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
        w={220}
        label={t("gallery.sort_by")}
        value={chosen}
        allowDeselect={false}
        searchable={orders.length > 20}
        data={[{ value: ALL, label: t("gallery.sort_none") }, ...orders]}
        onChange={setOrder}
      />
      <Select
        size="xs"
        w={160}
        label={t("generator")}
        value={view.filter.generator ?? ALL}
        allowDeselect={false}
        data={[
          { value: ALL, label: t("gallery.all_generators") },
          ...named.map((name) => ({ value: name, label: name })),
        ]}
        onChange={(value) => setFilter({ generator: value === null || value === ALL ? null : value })}
      />
      <MultiSelect
        size="xs"
        miw={220}
        maw={420}
        label={t("gallery.shown")}
        value={[...shown]}
        data={metrics.map(({ name }) => name)}
        onChange={(names) => onChange({ ...view, shown: names })}
      />
      <SegmentedControl
        size="xs"
        aria-label={t("gallery.only")}
        value={view.filter.only}
        data={[
          { value: "all", label: t("gallery.only_all") },
          { value: "failed", label: t("gallery.only_failed") },
          { value: "near", label: t("gallery.only_near") },
        ]}
        onChange={(only) => setFilter({ only })}
      />
      <SegmentedControl
        size="xs"
        ml="auto"
        aria-label={t("gallery.view")}
        value={view.layout}
        data={[
          { value: "grid", label: t("gallery.as_grid") },
          { value: "table", label: t("gallery.as_table") },
        ]}
        onChange={(layout) => onChange({ ...view, layout })}
      />
    </Group>
  );
}

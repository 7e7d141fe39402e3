import { Group, NumberInput, Paper, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { batchesQuery } from "@/manage/queries";

import { type ItemFilters, ORDERS, STATES } from "./filters";
import { choicesQuery } from "./queries";

interface Props {
  project: number;
  filters: ItemFilters;
  onChange: (filters: ItemFilters) => void;
}

const TYPING_MS = 350;

/** What the list is narrowed down by, and in which order it stands. */
export function FilterBar({ project, filters, onChange }: Props) {
  const { t } = useTranslation("items");
  const { data: choices } = useQuery(choicesQuery(project));
  const { data: batches = [] } = useQuery(batchesQuery(project));
  const set = (more: Partial<ItemFilters>) => onChange({ ...filters, ...more });
  return (
    <Paper withBorder radius="md" p="md" component="search" aria-label={t("filter.label")}>
      <Group gap="sm" align="flex-end">
        <Words
          label={t("filter.search")}
          width={240}
          type="search"
          text={filters.search}
          onChange={(search) => set({ search })}
        />
        <Choice
          label={t("filter.state")}
          value={filters.state}
          data={STATES.map((state) => ({ value: state, label: t(`state.${state}`) }))}
          onChange={(state) => set({ state: STATES.find((one) => one === state) ?? null })}
        />
        <Choice
          label={t("filter.batch")}
          width={190}
          value={filters.batch === null ? null : String(filters.batch)}
          data={batches.map(({ id, name, filename }) => ({ value: String(id), label: name || filename }))}
          onChange={(batch) => set({ batch: batch === null ? null : Number(batch) })}
        />
        <Choice
          label={t("filter.sampled")}
          value={filters.sampled === null ? null : String(filters.sampled)}
          data={[
            { value: "true", label: t("filter.sampled_yes") },
            { value: "false", label: t("filter.sampled_no") },
          ]}
          onChange={(sampled) => set({ sampled: sampled === null ? null : sampled === "true" })}
        />
        <Choice
          label={t("filter.generator")}
          value={filters.generator || null}
          data={(choices?.generators ?? []).map((name) => ({ value: name, label: name }))}
          onChange={(generator) => set({ generator: generator ?? "" })}
        />
        <Choice
          label={t("filter.annotator")}
          value={filters.annotator === null ? null : String(filters.annotator)}
          data={(choices?.annotators ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
          onChange={(id) => set({ annotator: id === null ? null : Number(id) })}
        />
        <Bound
          label={t("filter.disagreement")}
          width={180}
          value={filters.disagreement}
          within={[0, 1]}
          onChange={(disagreement) => set({ disagreement })}
        />
        <Choice
          label={t("filter.metric")}
          value={filters.metric || null}
          data={(choices?.metrics ?? []).map((name) => ({ value: name, label: name }))}
          onChange={(metric) => set({ metric: metric ?? "" })}
        />
        {filters.metric !== "" && (
          <>
            <Bound
              label={t("filter.metric_min")}
              value={filters.metricMin}
              onChange={(metricMin) => set({ metricMin })}
            />
            <Bound
              label={t("filter.metric_max")}
              value={filters.metricMax}
              onChange={(metricMax) => set({ metricMax })}
            />
          </>
        )}
        <MetaFilter filters={filters} set={set} keys={keysOf(choices)} />
        <Select
          size="xs"
          w={220}
          label={t("filter.order")}
          allowDeselect={false}
          value={filters.order}
          data={ORDERS.map((order) => ({ value: order, label: t(`order.${order}`) }))}
          onChange={(order) => set({ order: ORDERS.find((one) => one === order) ?? "newest" })}
        />
      </Group>
    </Paper>
  );
}

/** The keys that came with images or items, each once. */
function keysOf(choices: Schemas["ItemChoices"] | undefined): string[] {
  return [...new Set([...(choices?.image_meta ?? []), ...(choices?.item_meta ?? [])])].sort();
}

interface MetaProps {
  filters: ItemFilters;
  set: (more: Partial<ItemFilters>) => void;
  keys: readonly string[];
}

/** A key of what came with the upload, and its value; nothing where none came. */
function MetaFilter({ filters, set, keys }: MetaProps) {
  const { t } = useTranslation("items");
  if (keys.length === 0 && filters.meta === "") return null;
  return (
    <>
      <Choice
        label={t("filter.meta")}
        value={filters.meta || null}
        data={keys.map((key) => ({ value: key, label: key }))}
        onChange={(meta) => set({ meta: meta ?? "", metaValue: "" })}
      />
      {filters.meta !== "" && (
        <Words
          label={t("filter.meta_value")}
          width={130}
          text={filters.metaValue}
          onChange={(metaValue) => set({ metaValue })}
        />
      )}
    </>
  );
}

/** What is being typed, until the address says something else. */
function useTyped<T>(value: T) {
  const [known, setKnown] = useState(value);
  const [typed, setTyped] = useState(value);
  if (known !== value) {
    setKnown(value);
    setTyped(value);
  }
  return [typed, setTyped] as const;
}

interface WordsProps {
  label: string;
  width: number;
  type?: "search";
  text: string;
  onChange: (text: string) => void;
}

function Words({ label, width, type, text, onChange }: WordsProps) {
  const [typed, setTyped] = useTyped(text);
  const later = useDebouncedCallback(onChange, TYPING_MS);
  return (
    <TextInput
      size="xs"
      w={width}
      {...(type ? { type } : {})}
      label={label}
      value={typed}
      maxLength={200}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        later(event.currentTarget.value);
      }}
    />
  );
}

interface ChoiceProps {
  label: string;
  value: string | null;
  data: { value: string; label: string }[];
  width?: number;
  onChange: (value: string | null) => void;
}

function Choice({ label, value, data, width = 150, onChange }: ChoiceProps) {
  const { t } = useTranslation("items");
  return (
    <Select
      size="xs"
      w={width}
      label={label}
      placeholder={t("filter.any")}
      value={value}
      data={data}
      clearable
      searchable={data.length > 8}
      onChange={onChange}
    />
  );
}

interface BoundProps {
  label: string;
  value: number | null;
  width?: number;
  within?: readonly [number, number];
  onChange: (value: number | null) => void;
}

function Bound({ label, value, width = 100, within, onChange }: BoundProps) {
  const [typed, setTyped] = useTyped(value);
  const later = useDebouncedCallback(onChange, TYPING_MS);
  return (
    <NumberInput
      size="xs"
      w={width}
      label={label}
      value={typed ?? ""}
      step={0.1}
      decimalScale={4}
      {...(within ? { min: within[0], max: within[1], clampBehavior: "strict" as const } : {})}
      onChange={(next) => {
        const number = next === "" ? null : Number(next);
        setTyped(number);
        later(number);
      }}
    />
  );
}

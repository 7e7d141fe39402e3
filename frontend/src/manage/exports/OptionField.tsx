import { MultiSelect, NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import type { ExportOption, OptionValue } from "@/api/exports";
import { batchesQuery } from "@/manage/queries";

import { fits, isSplit, sumOf } from "./options";
import { SplitField } from "./SplitField";
import { useExportText } from "./useExportText";
import { useQuestionTitles } from "./useQuestionTitles";

interface Props {
  project: number;
  option: ExportOption;
  value: OptionValue;
  /** The server's reason against this value; "" for none. */
  refused: string;
  onChange: (value: OptionValue) => void;
}

export function OptionField({ project, option, value, refused, onChange }: Props) {
  const text = useExportText();
  const title = useQuestionTitles();
  const wrong = useWrong();
  const shared = {
    label: text.option(option.name),
    description: text.help(option),
    error: fits(option, value) ? refused !== "" && text.whyNot(refused) : wrong(option, value),
  };
  if (option.type === "bool") {
    return (
      <Switch
        {...shared}
        checked={value === true}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  }
  if (option.type === "choice") {
    const named = option.name === "dimension" || option.name === "flaw" ? title : text.choice;
    return (
      <Select
        {...shared}
        value={String(value)}
        allowDeselect={false}
        data={(option.choices ?? []).map((choice) => ({
          value: choice,
          label: choice === "all" ? text.choice(choice) : named(choice),
        }))}
        onChange={(chosen) => onChange(chosen ?? option.default)}
      />
    );
  }
  if (option.type === "number") {
    return (
      <NumberInput
        {...shared}
        value={typeof value === "number" && Number.isNaN(value) ? "" : (value as number)}
        {...(option.min === undefined ? {} : { min: option.min })}
        {...(option.max === undefined ? {} : { max: option.max })}
        allowDecimal={option.whole !== true}
        step={stepOf(option)}
        clampBehavior="none"
        onChange={(typed) => onChange(typed === "" ? NaN : Number(typed))}
      />
    );
  }
  if (isSplit(option)) return <SplitField {...shared} value={String(value)} onChange={onChange} />;
  if (option.name === "batches") {
    return <Batches {...shared} project={project} value={String(value)} onChange={onChange} />;
  }
  return (
    <TextInput
      {...shared}
      value={String(value)}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** One, or a twentieth of a short range such as 0 to 1. */
function stepOf({ min = 0, max = 100, whole }: ExportOption): number {
  return whole === true || max - min > 2 ? 1 : (max - min) / 20;
}

/** Says what would be right. */
function useWrong(): (option: ExportOption, value: OptionValue) => string {
  const { t } = useTranslation("exports");
  return (option, value) => {
    const range = { min: option.min ?? "−∞", max: option.max ?? "∞" };
    switch (option.type) {
      case "number":
        return t(option.whole === true ? "wrong.whole" : "wrong.number", range);
      case "text":
        return isSplit(option)
          ? t("wrong.split", { sum: sumOf(String(value)) })
          : t("wrong.text", { rule: option.rule ?? "" });
      default:
        return t("wrong.choice");
    }
  };
}

interface BatchesProps {
  label: string;
  description: string;
  error: string | false;
  project: number;
  /** Numbers with commas between. */
  value: string;
  onChange: (value: string) => void;
}

/** Batches by their names; none chosen means all. */
function Batches({ project, value, onChange, ...shared }: BatchesProps) {
  const { t } = useTranslation("exports");
  const { data: batches = [] } = useQuery(batchesQuery(project));
  const chosen = value === "" ? [] : value.split(",");
  return (
    <MultiSelect
      {...shared}
      searchable
      clearable
      {...(chosen.length === 0 ? { placeholder: t("batches_all") } : {})}
      value={chosen}
      data={batches.map((batch) => ({ value: String(batch.id), label: batch.name }))}
      onChange={(ids) => onChange(ids.join(","))}
    />
  );
}

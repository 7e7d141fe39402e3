import { MultiSelect, NumberInput, Select, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { type Reason, useReason } from "@/i18n/reason";
import { batchesQuery } from "@/manage/queries";

import { fits, type OptionValue, sumOf } from "./options";
import { SplitField } from "./SplitField";
import { useExportText } from "./useExportText";
import { useQuestionTitles } from "./useQuestionTitles";

type Option = Schemas["ExportOption"];

interface Props {
  project: number;
  format: string;
  option: Option;
  value: OptionValue;
  /** The server's reason against this value. */
  refused: Reason | null;
  onChange: (value: OptionValue) => void;
}

/** Of a question: what stands for no single one. */
const WORDS: ReadonlySet<string> = new Set(["all", "none"]);

export function OptionField({ project, format, option, value, refused, onChange }: Props) {
  const text = useExportText();
  const title = useQuestionTitles();
  const reason = useReason();
  const wrong = useWrong();
  const shared = {
    label: text.option(option.name),
    description: text.help(format, option),
    error: fits(option, value) ? refused !== null && reason(refused) : wrong(option, value),
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
  if (option.type === "choice" || option.type === "question") {
    const named = option.type === "question" ? title : text.choice;
    return (
      <Select
        {...shared}
        value={String(value)}
        allowDeselect={false}
        data={option.choices.map((choice) => ({
          value: choice,
          label: WORDS.has(choice) ? text.choice(choice) : named(choice),
        }))}
        onChange={(chosen) => onChange(chosen ?? value)}
      />
    );
  }
  if (option.type === "number") {
    return (
      <NumberInput
        {...shared}
        value={typeof value === "number" && Number.isNaN(value) ? "" : (value as number)}
        {...(option.minimum === null ? {} : { min: option.minimum })}
        {...(option.maximum === null ? {} : { max: option.maximum })}
        allowDecimal={!option.whole}
        step={stepOf(option)}
        clampBehavior="none"
        onChange={(typed) => onChange(typed === "" ? NaN : Number(typed))}
      />
    );
  }
  if (option.type === "split") {
    return <SplitField {...shared} value={String(value)} onChange={onChange} />;
  }
  return <Batches {...shared} project={project} value={String(value)} onChange={onChange} />;
}

/** One, or a twentieth of a short range such as 0 to 1. */
function stepOf({ minimum, maximum, whole }: Option): number {
  const range = (maximum ?? 100) - (minimum ?? 0);
  return whole || range > 2 ? 1 : range / 20;
}

/** Says what would be right. */
function useWrong(): (option: Option, value: OptionValue) => string {
  const { t } = useTranslation("exports");
  return ({ type, minimum, maximum, whole }, value) => {
    if (type === "split") return t("wrong.split", { sum: sumOf(String(value)) || "?" });
    if (type !== "number") return t("wrong.choice");
    const range = { min: minimum ?? "−∞", max: maximum ?? "∞" };
    return t(whole ? "wrong.whole" : "wrong.number", range);
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

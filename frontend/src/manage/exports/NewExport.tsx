import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, ApiError } from "@/api/client";
import type { Export, ExportFormat, ExportPreset, OptionValues, Wanted } from "@/api/exports";
import { Section } from "@/manage/parts/Section";
import { Failed } from "@/manage/parts/states";
import { exportsQuery } from "@/manage/queries";

import styles from "./exports.module.css";
import { filledIn, misfits } from "./options";
import { OptionFields } from "./OptionFields";
import { Preview } from "./Preview";
import { previewQuery } from "./queries";
import { Uses } from "./Uses";
import { useExportText } from "./useExportText";

const TYPING_MS = 400;

interface Props {
  project: number;
  formats: readonly ExportFormat[];
  presets: readonly ExportPreset[];
  /** Format and options to begin with: those of an earlier export. */
  wanted: Wanted | null;
}

interface Choice extends Wanted {
  preset: string;
}

function firstChoice({ formats, presets, wanted }: Props): Choice {
  if (wanted) return { ...wanted, preset: "" };
  const preset = presets.find(({ fits }) => fits);
  if (preset) return { preset: preset.name, format: preset.format, options: preset.options };
  return { preset: "", format: formats.find(({ fits }) => fits)?.name ?? "", options: {} };
}

/** What for, with which options, and how it would look; then made. */
export function NewExport(props: Props) {
  const { project, formats, presets } = props;
  const { t } = useTranslation("exports");
  const [choice, setChoice] = useState(() => firstChoice(props));
  const format = formats.find(({ name, fits }) => name === choice.format && fits);
  return (
    <Stack gap="md">
      <Section title={t("uses")} note={t("uses_note")}>
        <Uses
          presets={presets}
          formats={formats}
          preset={choice.preset}
          format={choice.format}
          onPreset={(preset) =>
            setChoice({ preset: preset.name, format: preset.format, options: preset.options })
          }
          onFormat={(name) => {
            const next = formats.find((one) => one.name === name);
            const options = next ? filledIn(next, choice.options) : {};
            setChoice({ preset: "", format: name, options });
          }}
        />
      </Section>
      {format && (
        <OneExport
          key={`${choice.preset} ${format.name}`}
          project={project}
          format={format}
          given={choice.options}
          onOptions={(options) => setChoice({ ...choice, options })}
        />
      )}
    </Stack>
  );
}

interface OneProps {
  project: number;
  format: ExportFormat;
  given: OptionValues;
  onOptions: (options: OptionValues) => void;
}

function OneExport({ project, format, given, onOptions }: OneProps) {
  const { t } = useTranslation("exports");
  const text = useExportText();
  const client = useQueryClient();
  const values = useMemo(() => ({ ...filledIn(format, {}), ...known(format, given) }), [format, given]);
  const wanted = useMemo(() => ({ format: format.name, options: values }), [format, values]);
  const bad = misfits(format, values);
  const [settled] = useDebouncedValue(wanted, TYPING_MS);
  const isReady = bad.length === 0 && misfits(format, settled.options).length === 0;
  const preview = useQuery({ ...previewQuery(project, settled), enabled: isReady });
  const start = useMutation({
    mutationFn: (body: Wanted) => api.post<Export>(`/projects/${project}/exports`, body),
    onSuccess: () => client.invalidateQueries({ queryKey: exportsQuery(project).queryKey }),
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    start.mutate(wanted);
  };
  const change = (more: OptionValues) => {
    start.reset();
    onOptions({ ...values, ...more });
  };
  const { title, use } = text.format(format);
  return (
    <Section
      title={title}
      note={
        <>
          <code className={styles.name}>{format.name}</code> {use}
        </>
      }
    >
      <div className={styles.work}>
        <form onSubmit={submit} aria-label={t("options")} noValidate>
          <Stack gap="sm">
            <Title order={4} size="h6">
              {t("options")}
            </Title>
            <OptionFields
              project={project}
              format={format}
              values={values}
              refused={refusals(start.error ?? preview.error)}
              onChange={change}
            />
            {start.isError && <Failed error={start.error} />}
            <Group gap="sm">
              <Button type="submit" loading={start.isPending} disabled={bad.length > 0}>
                {t("start")}
              </Button>
              {start.isSuccess && (
                <Text size="sm" c="dimmed" role="status">
                  {t("started")}
                </Text>
              )}
            </Group>
          </Stack>
        </form>
        <Preview query={preview} isReady={bad.length === 0} isStale={wanted !== settled} />
      </div>
    </Section>
  );
}

/** The server's reasons by option. */
function refusals(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  return Object.fromEntries(
    Object.entries(error.fields).map(([name, reason]) => [name, reason.message]),
  );
}

/** Only the values that belong to this format. */
function known(format: ExportFormat, values: OptionValues): OptionValues {
  const names = new Set(format.options.map(({ name }) => name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}

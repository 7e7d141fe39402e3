import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useMemo, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { ApiError, type Schemas } from "@/api/client";
import { type Reason } from "@/i18n/reason";
import { Section } from "@/manage/parts/Section";
import { Failed } from "@/manage/parts/states";

import styles from "./NewExport.module.css";
import { filledIn, misfits, type OptionValues, valuesOf } from "./options";
import { OptionFields } from "./OptionFields";
import { Preview } from "./Preview";
import { exportsQuery, makeExport, previewQuery, type Request } from "./queries";
import { Uses } from "./Uses";
import { useExportText } from "./useExportText";

type Format = Schemas["ExportFormat"];
type Preset = Schemas["ExportPreset"];

const TYPING_MS = 400;

interface Props {
  project: number;
  formats: readonly Format[];
  presets: readonly Preset[];
  /** Format and options to begin with: those of an earlier export. */
  request: Request | null;
}

interface Choice extends Request {
  preset: string;
}

function chosen({ name, format, options }: Preset): Choice {
  return { preset: name, format, options: valuesOf(options) };
}

function firstChoice({ formats, presets, request }: Props): Choice {
  if (request) return { ...request, preset: "" };
  const preset = presets.find(({ reason }) => reason === null);
  if (preset) return chosen(preset);
  const format = formats.find(({ reason }) => reason === null);
  return { preset: "", format: format?.name ?? "", options: {} };
}

/** What for, with which options, and how it would look; then made. */
export function NewExport(props: Props) {
  const { project, formats, presets } = props;
  const { t } = useTranslation("exports");
  const [choice, setChoice] = useState(() => firstChoice(props));
  const format = formats.find(({ name, reason }) => name === choice.format && reason === null);
  return (
    <Stack gap="md">
      <Section title={t("uses")} note={t("uses_note")}>
        <Uses
          presets={presets}
          formats={formats}
          preset={choice.preset}
          format={choice.format}
          onPreset={(preset) => setChoice(chosen(preset))}
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
  format: Format;
  given: OptionValues;
  onOptions: (options: OptionValues) => void;
}

function OneExport({ project, format, given, onOptions }: OneProps) {
  const { t } = useTranslation("exports");
  const text = useExportText();
  const client = useQueryClient();
  const values = useMemo(() => ({ ...filledIn(format, {}), ...known(format, given) }), [format, given]);
  const request = useMemo(() => ({ format: format.name, options: values }), [format, values]);
  const bad = misfits(format, values);
  const [settled] = useDebouncedValue(request, TYPING_MS);
  const isReady = bad.length === 0 && misfits(format, settled.options).length === 0;
  const preview = useQuery({ ...previewQuery(project, settled), enabled: isReady });
  const start = useMutation({
    mutationFn: () => makeExport(project, request),
    onSuccess: () => client.invalidateQueries({ queryKey: exportsQuery(project).queryKey }),
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    start.mutate();
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
        <form onSubmit={submit} aria-label={t("options_title")} noValidate>
          <Stack gap="sm">
            <Title order={4} size="h6">
              {t("options_title")}
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
        <Preview query={preview} isReady={bad.length === 0} isStale={request !== settled} />
      </div>
    </Section>
  );
}

/** The server's reasons by option. */
function refusals(error: unknown): Readonly<Record<string, Reason>> {
  return error instanceof ApiError ? error.fields : {};
}

/** Only the values that belong to this format. */
function known(format: Format, values: OptionValues): OptionValues {
  const names = new Set(format.options.map(({ name }) => name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}

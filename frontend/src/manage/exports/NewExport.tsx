import { Button, Group, Radio, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { api } from "@/api/client";
import type { Export, ExportFormat } from "@/api/types";
import { Failed } from "@/manage/parts/states";
import { exportsQuery } from "@/manage/queries";

import styles from "./exports.module.css";
import { filledIn, misfits, type OptionValues } from "./options";
import { OptionFields } from "./OptionFields";
import { useFormatText } from "./useFormatText";

/** A format and options to begin with: those of an earlier export. */
export interface Wanted {
  format: string;
  options: OptionValues;
}

interface Props {
  project: number;
  formats: readonly ExportFormat[];
  wanted: Wanted | null;
}

export function NewExport({ project, formats, wanted }: Props) {
  const { t } = useTranslation("manage");
  const client = useQueryClient();
  const first = formats.find((format) => format.fits);
  const [name, setName] = useState(wanted?.format ?? first?.name ?? "");
  const format = formats.find((one) => one.name === name);
  const [values, setValues] = useState<OptionValues>(wanted?.options ?? {});
  const start = useMutation({
    mutationFn: (body: Wanted) => api.post<Export>(`/projects/${project}/exports`, body),
    onSuccess: () => client.invalidateQueries({ queryKey: exportsQuery(project).queryKey }),
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (format) start.mutate({ format: format.name, options: filledIn(format, values) });
  };
  const bad = format ? misfits(format, { ...filledIn(format, {}), ...known(format, values) }) : [];
  return (
    <form onSubmit={submit}>
      <div className={styles.form}>
        <Formats formats={formats} value={name} onChange={setName} />
        <Stack gap="sm" className={styles.options ?? ""}>
          <Text size="sm" fw={550}>
            {t("exports.options")}
          </Text>
          {format && (
            <OptionFields
              format={format}
              values={{ ...filledIn(format, {}), ...known(format, values) }}
              onChange={(more) => setValues({ ...values, ...more })}
            />
          )}
          {start.isError && <Failed error={start.error} />}
          <Group gap="sm">
            <Button
              type="submit"
              loading={start.isPending}
              disabled={!format?.fits || bad.length > 0}
            >
              {t("exports.start")}
            </Button>
            {start.isSuccess && (
              <Text size="sm" c="dimmed" role="status">
                {t("exports.started")}
              </Text>
            )}
          </Group>
        </Stack>
      </div>
    </form>
  );
}

/** Only the values that belong to this format. */
function known(format: ExportFormat, values: OptionValues): OptionValues {
  const names = new Set(format.options.map((option) => option.name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}

interface FormatsProps {
  formats: readonly ExportFormat[];
  value: string;
  onChange: (name: string) => void;
}

function Formats({ formats, value, onChange }: FormatsProps) {
  const { t } = useTranslation("manage");
  const text = useFormatText();
  return (
    <Radio.Group value={value} onChange={onChange} label={t("exports.format")}>
      <Stack gap={6} mt={6}>
        {formats.map((format) => (
          <Radio.Card
            key={format.name}
            value={format.name}
            disabled={!format.fits}
            className={styles.format ?? ""}
            aria-label={format.name}
          >
            <Group wrap="nowrap" align="flex-start" gap="sm">
              <Radio.Indicator disabled={!format.fits} mt={2} />
              <div>
                <Text size="sm" fw={600}>
                  {format.name}
                </Text>
                <Text size="xs" c={format.fits ? "dimmed" : "red.8"}>
                  {format.fits
                    ? text.holds(format)
                    : t("exports.fits_not", { reason: text.whyNot(format) })}
                </Text>
              </div>
            </Group>
          </Radio.Card>
        ))}
      </Stack>
    </Radio.Group>
  );
}

import { Button, Group, Radio, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useId } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useReason } from "@/i18n/reason";

import { useExportText } from "./useExportText";
import styles from "./Uses.module.css";

type Format = Schemas["ExportFormat"];
type Preset = Schemas["ExportPreset"];

interface Props {
  presets: readonly Preset[];
  formats: readonly Format[];
  /** "" where a format was chosen by itself. */
  preset: string;
  format: string;
  onPreset: (preset: Preset) => void;
  onFormat: (name: string) => void;
}

/** The common uses as cards, and all formats below them for who knows what they want. */
export function Uses({ presets, formats, preset, format, onPreset, onFormat }: Props) {
  const { t } = useTranslation("exports");
  const text = useExportText();
  const reason = useReason();
  const groups = [...new Set(formats.map((one) => one.group))];
  const [open, { toggle }] = useDisclosure(preset === "");
  const choosePreset = (name: string) => {
    const chosen = presets.find((one) => one.name === name);
    if (chosen) onPreset(chosen);
  };
  return (
    <>
      <Radio.Group value={preset} onChange={choosePreset} aria-label={t("uses")}>
        <div className={styles.cards}>
          {presets.map((one) => (
            <Card
              key={one.name}
              value={one.name}
              {...text.preset(one)}
              label={text.preset(one).title}
              reason={one.reason === null ? "" : reason(one.reason)}
            />
          ))}
        </div>
      </Radio.Group>
      <div>
        <Button
          size="compact-sm"
          variant="subtle"
          aria-expanded={open}
          leftSection={<span aria-hidden="true">{open ? "▾" : "▸"}</span>}
          onClick={toggle}
        >
          {t("all_formats", { count: formats.length })}
        </Button>
      </div>
      {open && (
        <Radio.Group value={format} onChange={onFormat} aria-label={t("all_formats", { count: formats.length })}>
          <Text size="xs" c="dimmed" mb="sm">
            {t("formats_note")}
          </Text>
          {groups.map((group) => (
            <section key={group} className={styles.group} aria-label={t(`groups.${group}`)}>
              <Text size="sm" fw={600} mb={6}>
                {t(`groups.${group}`)}
              </Text>
              <div className={styles.cards}>
                {formats.filter((one) => one.group === group).map((one) => (
                  <Card
                    key={one.name}
                    value={one.name}
                    {...text.format(one)}
                    label={one.name}
                    name={one.name}
                    reason={one.reason === null ? "" : reason(one.reason)}
                  />
                ))}
              </div>
            </section>
          ))}
        </Radio.Group>
      )}
    </>
  );
}

interface CardProps {
  value: string;
  /** What it is called for who can't see it. */
  label: string;
  title: string;
  use: string;
  /** The format's own name. */
  name?: string;
  /** Why it can't be chosen; "" if it can. */
  reason: string;
}

function Card({ value, label, title, use, name, reason }: CardProps) {
  const { t } = useTranslation("exports");
  const about = useId();
  return (
    <Radio.Card
      value={value}
      disabled={reason !== ""}
      className={styles.card ?? ""}
      aria-label={label}
      aria-describedby={about}
    >
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <Radio.Indicator disabled={reason !== ""} mt={2} />
        <div id={about}>
          <Text size="sm" fw={600} className={styles.cardTitle ?? ""}>
            {title}
          </Text>
          {name !== undefined && <code className={styles.name}>{name}</code>}
          <Text size="xs" c="dimmed">
            {use}
          </Text>
          {reason !== "" && (
            <Text size="xs" c="red.8" mt={4}>
              {t("fits_not", { reason })}
            </Text>
          )}
        </div>
      </Group>
    </Radio.Card>
  );
}

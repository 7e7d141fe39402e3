import { Button, Group, SegmentedControl, Slider, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type CSSProperties, useId, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";

import styles from "./PreviewRows.module.css";
import { RowCard } from "./RowCard";

const EVERY = "";
/** So many are shown until all are asked for. */
const FEW = 4;
const FEW_SMALL = 6;
/** A file's name is long: more of them are chosen from a list. */
const SIDE_BY_SIDE = 4;

/** The first rows, as cards; maps lie over their images, as strong as one likes. */
export function PreviewRows({ preview: { rows } }: { preview: Schemas["ExportPreview"] }) {
  const { t } = useTranslation("exports");
  const outputs = [...new Set(rows.flatMap((row) => row.outputs))];
  const [chosen, setChosen] = useState<string | null>(null);
  const [strength, setStrength] = useState(80);
  const [all, { toggle }] = useDisclosure(false);
  const label = useId();
  const preferred = chosen ?? outputToBegin(rows);
  const output = outputs.includes(preferred) ? preferred : EVERY;
  const shown = output === EVERY ? rows : rows.filter((row) => row.outputs.includes(output));
  const isSmall = shown.every((row) => row.figures.length < 2);
  const first = shown.slice(0, isSmall ? FEW_SMALL : FEW);
  const hasMaps = shown.some(isDrawn);
  return (
    <section aria-label={t("preview.sample")}>
      <Text size="sm" fw={600}>
        {t("preview.sample")}
      </Text>
      <Text size="xs" c="dimmed" mb="xs">
        {rows.length === 0 ? t("preview.no_rows") : t("preview.sample_note")}
      </Text>
      <Group gap="lg" mb="xs" align="center">
        {outputs.length > 1 && (
          <Outputs outputs={outputs} value={output} onChange={setChosen} />
        )}
        {hasMaps && (
          <div className={styles.strength}>
            <Text size="xs" id={label}>
              {t("preview.opacity")}
            </Text>
            <Slider
              size="sm"
              color="pink.7"
              value={strength}
              onChange={setStrength}
              label={(value) => `${value} %`}
              thumbProps={{ "aria-labelledby": label }}
            />
          </div>
        )}
      </Group>
      <ol
        className={styles.rows}
        data-images={isSmall ? "one" : "several"}
        style={{ "--map-strength": strength / 100 } as CSSProperties}
      >
        {(all ? shown : first).map((row, place) => (
          <RowCard key={`${place} ${row.prompt}`} row={row} number={place + 1} />
        ))}
      </ol>
      {shown.length > first.length && (
        <Button mt="sm" size="compact-sm" variant="default" aria-expanded={all} onClick={toggle}>
          {all ? t("preview.fewer") : t("preview.all_rows", { count: shown.length })}
        </Button>
      )}
    </section>
  );
}

function isDrawn({ figures }: Schemas["PreviewRow"]): boolean {
  return figures.some(({ map }) => map !== "");
}

/** The file to begin with: the one that maps lie in, if not all do. */
function outputToBegin(rows: readonly Schemas["PreviewRow"][]): string {
  const drawn = rows.filter(isDrawn);
  return drawn.length === rows.length ? EVERY : (drawn[0]?.outputs[0] ?? EVERY);
}

interface OutputsProps {
  outputs: readonly string[];
  value: string;
  onChange: (output: string) => void;
}

function Outputs({ outputs, value, onChange }: OutputsProps) {
  const { t } = useTranslation("exports");
  const data = [
    { value: EVERY, label: t("preview.every_output") },
    ...outputs.map((output) => ({ value: output, label: output })),
  ];
  if (outputs.length <= SIDE_BY_SIDE) {
    return (
      <SegmentedControl
        size="xs"
        aria-label={t("preview.output")}
        className={styles.outputs ?? ""}
        data={data}
        value={value}
        onChange={onChange}
      />
    );
  }
  return (
    <select
      className={styles.select}
      aria-label={t("preview.output")}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      {data.map((one) => (
        <option key={one.value} value={one.value}>
          {one.label}
        </option>
      ))}
    </select>
  );
}

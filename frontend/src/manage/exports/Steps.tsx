import { Progress, Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useFormat } from "@/manage/parts/useFormat";

import styles from "./Steps.module.css";

const STEPS: readonly Schemas["ExportProgress"]["stage"][] = ["spool", "shards", "assembly"];

interface Props {
  name: string;
  state: Schemas["Export"]["state"];
  progress: Schemas["ExportProgress"];
}

/** The three steps of making one: those done, the one under way with its bar, those to come. */
export function Steps({ name, state, progress }: Props) {
  const { t } = useTranslation("exports");
  const says = useFormat();
  const at = STEPS.indexOf(progress.stage);
  const { done, total, shards, shards_done: shardsDone } = progress;
  const items = t("steps.of_items", { done: says.integer(done), total: says.integer(total) });
  const parts = t("steps.of_parts", {
    done: says.integer(shardsDone),
    total: says.integer(shards),
  });
  return (
    <div className={styles.steps}>
      <ol>
        {STEPS.map((step, place) => (
          <li
            key={step}
            data-state={place < at ? "done" : place === at ? "now" : "ahead"}
            aria-current={place === at ? "step" : undefined}
          >
            {t(`steps.${step}`)}
          </li>
        ))}
      </ol>
      <Progress
        color="blue"
        value={total === 0 ? 0 : (100 * done) / total}
        animated={state === "running"}
        aria-label={t("steps.label", { name })}
      />
      <Text size="xs" c="dimmed" mt={4} role="status">
        {state === "requested" ? t("steps.waits") : [items, shards > 0 && parts].filter(Boolean).join(" · ")}
      </Text>
    </div>
  );
}

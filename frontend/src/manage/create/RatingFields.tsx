import { Switch, Text, TextInput } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import styles from "./DraftCard.module.css";
import { anchorPoints, type Draft } from "./drafts";
import { Refused } from "./Refused";

interface Props {
  draft: Draft;
  refusal: (field: string) => string | undefined;
  onChange: (more: Partial<Draft>) => void;
}

/** What a rating may have beside its scale: halves, "does not apply", words at its points. */
export function RatingFields({ draft, refusal, onChange }: Props) {
  const { t } = useTranslation("composing");
  const { anchors } = draft;
  const set = (point: number, more: Partial<(typeof anchors)[number]>) =>
    onChange({ anchors: { ...anchors, [point]: { title: "", titleZh: "", ...anchors[point], ...more } } });
  return (
    <>
      <Switch
        label={t("half_points")}
        description={t("half_points_help")}
        checked={draft.halfPoints}
        error={refusal("half_points")}
        onChange={(event) => onChange({ halfPoints: event.currentTarget.checked })}
      />
      <Switch
        label={t("na")}
        description={t("na_help")}
        checked={draft.na}
        error={refusal("na")}
        onChange={(event) => onChange({ na: event.currentTarget.checked })}
      />
      <div role="group" aria-label={t("anchors.title")}>
        <Text size="sm" fw={500}>
          {t("anchors.title")}
        </Text>
        <Text size="xs" c="dimmed" mb={4}>
          {t("anchors.help")}
        </Text>
        {anchorPoints(draft).map((point) => (
          <div key={point} className={styles.anchor}>
            <span aria-hidden="true">{point}</span>
            <TextInput
              aria-label={t("anchors.one", { point })}
              value={anchors[point]?.title ?? ""}
              maxLength={200}
              onChange={(event) => set(point, { title: event.currentTarget.value })}
            />
            <TextInput
              aria-label={t("anchors.one_zh", { point })}
              value={anchors[point]?.titleZh ?? ""}
              maxLength={200}
              lang="zh-Hans"
              onChange={(event) => set(point, { titleZh: event.currentTarget.value })}
            />
          </div>
        ))}
        <Refused text={refusal("options")} />
      </div>
    </>
  );
}

import { Anchor, Code, Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import { useReasons } from "@/i18n/reason";
import { CopyButton } from "@/manage/parts/CopyButton";
import { useFormat } from "@/manage/parts/useFormat";

import styles from "./Unavailable.module.css";
import type { Metric } from "./queries";

interface Props {
  metric: Metric;
  /** What to do was said a few lines above, for the same weights. */
  again?: boolean;
}

/** Why a metric can't be measured here, and what a person can do about it. */
export function Unavailable({ metric, again = false }: Props) {
  const { t } = useTranslation("metrics");
  const format = useFormat();
  const say = useReasons();
  const { weights } = metric;
  if (weights === null || weights.state === "here") {
    return (
      <Text size="xs" className={styles.unavailable ?? ""}>
        {t("unavailable.because", { reason: say(metric.unavailable) })}
      </Text>
    );
  }
  if (again) {
    return (
      <Text size="xs" className={styles.unavailable ?? ""}>
        {t("unavailable.same", { title: weights.title })}
      </Text>
    );
  }
  const size = weights.bytes === null ? t("unavailable.size_unknown") : format.bytes(weights.bytes);
  const command = `python manage.py weights fetch ${weights.name}`;
  // Some are made here from another file: then the reasons tell how, and no command fetches.
  const fetched = weights.reasons.every(({ code }) => code !== "weights_convert");
  const packed = weights.reasons.some(({ code }) => code === "weights_in_package");
  return (
    <div className={styles.unavailable}>
      <Text size="xs">
        {weights.state === "damaged"
          ? t("unavailable.damaged", { title: weights.title })
          : t("unavailable.missing", { title: weights.title })}
      </Text>
      <div className={styles.command}>
        <Text size="xs" c="dimmed">
          {t("unavailable.licence", { licence: weights.licence })}
          {` · ${size} · `}
          <Source of={weights.source} />
        </Text>
        {fetched && (
          <span className={styles.copy}>
            <Code>{command}</Code>
            <CopyButton text={() => command} label={t("unavailable.copy")} />
          </span>
        )}
      </div>
      {(weights.state === "damaged" || !fetched || packed) && (
        <Text size="xs" c="dimmed">
          {say(weights.reasons)}
        </Text>
      )}
    </div>
  );
}

function Source({ of }: { of: string }) {
  if (!/^https?:\/\//.test(of)) return of;
  return (
    <Anchor href={of} target="_blank" rel="noreferrer" inherit underline="always">
      {of.replace(/^https?:\/\//, "")}
    </Anchor>
  );
}

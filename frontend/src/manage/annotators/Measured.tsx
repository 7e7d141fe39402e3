import { Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import { useReason } from "@/i18n/reason";
import { Interval } from "@/manage/charts/Interval";
import { ends } from "@/manage/charts/scale";
import { useFormat } from "@/manage/parts/useFormat";

import styles from "./Measured.module.css";
import type { Estimate } from "./queries";

interface Props {
  of: Estimate;
  /** Where chance or equality lies. */
  reference: number;
}

/** A share with its interval and n, small, for a cell of the table; why there is none on hover. */
export function Measured({ of, reference }: Props) {
  const { t } = useTranslation("annotators");
  const none = useTranslation("manage").t("none");
  const format = useFormat();
  const reason = useReason();
  if (of.value === null) {
    return (
      <Text span size="sm" c="dimmed" title={of.undefined ? reason(of.undefined) : undefined}>
        {none}
      </Text>
    );
  }
  const range = ends(of.interval);
  return (
    <span className={styles.measured}>
      <span className={styles.line}>
        <span className={styles.value}>{format.percent(of.value)}</span>
        {range && (
          <span className={styles.range}>
            {t("range", { low: format.percent(range[0]), high: format.percent(range[1]) })}
          </span>
        )}
      </span>
      <span className={styles.line}>
        <Interval
          value={of.value}
          interval={range}
          from={0}
          to={1}
          reference={reference}
          width={84}
        />
        <span className={styles.range}>{t("n", { count: of.n })}</span>
      </span>
    </span>
  );
}

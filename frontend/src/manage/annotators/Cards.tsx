import { useRef } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { ends } from "@/manage/charts/scale";
import { SharePlot } from "@/manage/charts/SharePlot";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { useFormat } from "@/manage/parts/useFormat";

import type { Portrait } from "./queries";
import { daysCsv, minutesCsv, timesCsv } from "./table";
import { TimeBars } from "./TimeBars";

interface Props {
  portrait: Portrait;
}

/** How often others agreed, by the minute of a sitting. */
export function ByMinute({ portrait }: Props) {
  const { t } = useTranslation("annotators");
  const format = useFormat();
  const plot = useRef<SVGSVGElement>(null);
  const points = portrait.numbers.by_minute.flatMap(({ from_minute: minute, agreement }) => {
    if (agreement.value === null) return [];
    const interval = ends(agreement.interval);
    const [low, high] = interval ?? [agreement.value, agreement.value];
    return [
      {
        label: String(minute),
        share: agreement.value,
        interval,
        text: t("by_minute_value", {
          minute,
          share: format.percent(agreement.value),
          low: format.percent(low),
          high: format.percent(high),
          count: agreement.n,
        }),
      },
    ];
  });
  return (
    <Section
      title={t("by_minute")}
      note={t("by_minute_note")}
      actions={
        <SaveMenu
          title={t("by_minute")}
          name={`annotator-${portrait.id}-by-minute`}
          tables={{ csv: () => minutesCsv(portrait.numbers) }}
          plot={plot}
        />
      }
    >
      <SharePlot
        ref={plot}
        title={t("by_minute")}
        axis={t("minute")}
        points={points}
        reference={portrait.numbers.agreement.value}
      />
    </Section>
  );
}

const DAYS = 30;

/** How often the left one was taken, by day. */
export function ByDay({ portrait }: Props) {
  const { t } = useTranslation("annotators");
  const format = useFormat();
  const plot = useRef<SVGSVGElement>(null);
  const points = portrait.by_day.slice(-DAYS).map(({ date, left, n }) => ({
    label: format.day(date),
    share: left / n,
    interval: null,
    text: t("by_day_value", { day: format.day(date), share: format.percent(left / n), count: n }),
  }));
  return (
    <Section
      title={t("by_day")}
      note={t("by_day_note")}
      actions={
        <SaveMenu
          title={t("by_day")}
          name={`annotator-${portrait.id}-by-day`}
          tables={{ csv: () => daysCsv(portrait) }}
          plot={plot}
        />
      }
    >
      <SharePlot
        ref={plot}
        title={t("by_day")}
        axis={t("day")}
        points={points}
        reference={0.5}
      />
    </Section>
  );
}

/** How long answers took. */
export function Times({ portrait }: Props) {
  const { t } = useTranslation("annotators");
  const plot = useRef<SVGSVGElement>(null);
  const { numbers } = portrait;
  return (
    <Section
      title={t("times")}
      note={t("times_note")}
      actions={
        <SaveMenu
          title={t("times")}
          name={`annotator-${portrait.id}-times`}
          tables={{ csv: () => timesCsv(numbers) }}
          plot={plot}
        />
      }
    >
      <TimeBars ref={plot} counts={numbers.times} />
    </Section>
  );
}

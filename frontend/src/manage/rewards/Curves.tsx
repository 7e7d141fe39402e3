import { Text } from "@mantine/core";
import { useRef } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { ends } from "@/manage/charts/scale";
import { type SharePoint, SharePlot } from "@/manage/charts/SharePlot";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { useFormat } from "@/manage/parts/useFormat";

import { useEstimates } from "./estimates";
import type { DimensionReport, Estimate } from "./queries";

const CHANCE = 0.5;

/** How sure the model was, and how often it was right of it. */
export function Calibration({ found }: { found: DimensionReport }) {
  const { t } = useTranslation("rewards");
  const { share, shareOf } = useEstimates();
  const format = useFormat();
  const plot = useRef<SVGSVGElement>(null);
  const points = found.report.calibration.flatMap(({ predicted, observed }) =>
    drawn(observed, {
      label: format.percent(predicted),
      text: t("report.calibration_point", { sure: share(predicted), right: shareOf(observed) }),
      expected: predicted,
    }),
  );
  return (
    <Section
      title={t("report.calibration")}
      note={t("report.calibration_note")}
      actions={
        <SaveMenu title={t("report.calibration")} name={`calibration-${found.dimension}`} plot={plot} />
      }
    >
      <SharePlot
        ref={plot}
        title={t("report.calibration")}
        axis={t("report.calibration_axis")}
        points={points}
        reference={CHANCE}
      />
    </Section>
  );
}

/** How often it is right by how many votes it has learnt from, and what more of them would add. */
export function LearningCurve({ found, more }: { found: DimensionReport; more: number }) {
  const { t } = useTranslation("rewards");
  const { shareOf } = useEstimates();
  const format = useFormat();
  const plot = useRef<SVGSVGElement>(null);
  const points = found.report.curve.flatMap(({ votes, accuracy }) => {
    const label = format.integer(Math.round(votes));
    return drawn(accuracy, {
      label,
      text: t("report.curve_point", { votes: label, right: shareOf(accuracy) }),
    });
  });
  return (
    <Section
      title={t("report.curve")}
      note={t("report.curve_note")}
      actions={
        <SaveMenu title={t("report.curve")} name={`learning-curve-${found.dimension}`} plot={plot} />
      }
    >
      <Gain gain={found.report.gain} more={more} />
      <SharePlot
        ref={plot}
        title={t("report.curve")}
        axis={t("report.curve_axis")}
        points={points}
        reference={CHANCE}
      />
    </Section>
  );
}

function drawn(estimate: Estimate, point: Omit<SharePoint, "share" | "interval">): SharePoint[] {
  const { value, interval } = estimate;
  return value === null ? [] : [{ ...point, share: value, interval: ends(interval) }];
}

function Gain({ gain, more }: { gain: Estimate | null; more: number }) {
  const { t } = useTranslation("rewards");
  const { signed } = useEstimates();
  const format = useFormat();
  if (gain === null || gain.value === null) return null;
  const told = { votes: format.integer(more), value: signed(gain.value) };
  const found = ends(gain.interval);
  return (
    <Text size="sm">
      {found === null
        ? t("report.gain", told)
        : t("report.gain_between", { ...told, low: signed(found[0]), high: signed(found[1]) })}
    </Text>
  );
}

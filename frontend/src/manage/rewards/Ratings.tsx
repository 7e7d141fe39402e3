import { Anchor, List, SimpleGrid, Stack, Table, Text } from "@mantine/core";
import { useRef } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { ForestPlot } from "@/manage/charts/ForestPlot";
import { ends } from "@/manage/charts/scale";
import { SharePlot } from "@/manage/charts/SharePlot";
import { useQuestionTitles } from "@/manage/exports/useQuestionTitles";
import { useProject } from "@/manage/frame/ProjectFrame";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { useFormat } from "@/manage/parts/useFormat";
import { Link } from "@/ui/Link";

import styles from "./Disagreements.module.css";
import { useEstimates } from "./estimates";
import type { Estimate, RatedReport } from "./queries";

/** How good the model is of a question that rates each image: it orders them, and says how many. */
export function Ratings({ found, more }: { found: RatedReport; more: number }) {
  return (
    <Stack gap="md">
      <Correlations found={found} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <Calibration found={found} />
        <LearningCurve found={found} more={more} />
      </SimpleGrid>
      <Disagreements found={found} />
    </Stack>
  );
}

interface Row {
  name: string;
  correlation: Estimate;
  beyond: Estimate | null;
  accuracy: Estimate;
}

function Correlations({ found }: { found: RatedReport }) {
  const { t } = useTranslation("rewards");
  const { number } = useEstimates();
  const plot = useRef<SVGSVGElement>(null);
  const { report } = found;
  const rows: Row[] = [
    { name: t("report.model"), correlation: report.correlation, beyond: null, accuracy: report.accuracy },
    { name: t("report.person"), correlation: report.person, beyond: null, accuracy: report.person_accuracy },
    ...Object.entries(report.metrics)
      .map(([name, correlation]) => ({
        name,
        correlation,
        beyond: report.beyond[name] ?? null,
        accuracy: report.metrics_accuracy[name] ?? NOTHING,
      }))
      .sort((one, other) => (other.correlation.value ?? 0) - (one.correlation.value ?? 0)),
  ];
  return (
    <Section
      title={t("ratings.correlation")}
      note={t("ratings.correlation_note")}
      actions={
        <SaveMenu title={t("ratings.correlation")} name={`reward-model-${found.dimension}`} plot={plot} />
      }
    >
      <Verdict found={found} />
      <ForestPlot
        ref={plot}
        rows={rows.map(({ name, correlation }) => ({
          name,
          value: correlation.value,
          interval: ends(correlation.interval),
        }))}
        label={t("ratings.alike")}
        write={number}
        reference={0}
        scale={[-1, 1]}
      />
      <Figures rows={rows} />
    </Section>
  );
}

const NOTHING: Estimate = { value: null, n: 0, interval: null, undefined: null, no_interval: null };

function Verdict({ found }: { found: RatedReport }) {
  const { t } = useTranslation("rewards");
  const { number } = useEstimates();
  const { correlation, person, metrics } = found.report;
  const short = (person.value ?? 0) - (correlation.value ?? 0);
  const worse = found.not_better_than.join(", ");
  const against = worse === "" ? t("ratings.better") : t("report.not_better", { names: worse });
  return (
    <List size="sm" spacing={2}>
      <List.Item>
        {short > 0 ? t("ratings.below_people", { value: number(short) }) : t("ratings.at_people")}
      </List.Item>
      <List.Item fw={worse === "" ? 400 : 600}>
        {Object.keys(metrics).length === 0 ? t("report.no_metrics") : against}
      </List.Item>
    </List>
  );
}

function Figures({ rows }: { rows: readonly Row[] }) {
  const { t } = useTranslation("rewards");
  const { numberOf, shareOf, between } = useEstimates();
  return (
    <Table.ScrollContainer type="native" minWidth={560}>
      <Table w="auto" horizontalSpacing="md" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("report.who")}</Table.Th>
            <Table.Th ta="right">{t("ratings.alike")}</Table.Th>
            <Table.Th ta="right">{t("report.beyond")}</Table.Th>
            <Table.Th ta="right">{t("ratings.pairs")}</Table.Th>
            <Table.Th ta="right">{t("report.interval")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ name, correlation, beyond, accuracy }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400}>
                {name}
              </Table.Th>
              <Table.Td ta="right">{numberOf(correlation)}</Table.Td>
              <Table.Td ta="right">{beyond !== null && numberOf(beyond)}</Table.Td>
              <Table.Td ta="right">{shareOf(accuracy)}</Table.Td>
              <Table.Td ta="right">{between(accuracy)}</Table.Td>
            </Table.Tr>
          ))}
          <Table.Tr c="dimmed">
            <Table.Th scope="row" fw={400}>
              {t("report.chance")}
            </Table.Th>
            <Table.Td ta="right">{numberOf({ ...NOTHING, value: 0 })}</Table.Td>
            <Table.Td />
            <Table.Td ta="right">{shareOf({ ...NOTHING, value: 0.5 })}</Table.Td>
            <Table.Td />
          </Table.Tr>
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Calibration({ found }: { found: RatedReport }) {
  const { t } = useTranslation("rewards");
  const format = useFormat();
  const plot = useRef<SVGSVGElement>(null);
  const grade = (value: number) => format.fixed(value, 2);
  const points = found.report.calibration.flatMap(({ predicted, observed }) =>
    observed.value === null
      ? []
      : [
          {
            label: format.fixed(predicted, 2),
            text: t("ratings.calibration_point", {
              expected: format.fixed(predicted, 2),
              given: format.fixed(observed.value, 2),
            }),
            share: observed.value,
            interval: ends(observed.interval),
            expected: predicted,
          },
        ],
  );
  return (
    <Section
      title={t("ratings.calibration")}
      note={t("ratings.calibration_note")}
      actions={
        <SaveMenu title={t("ratings.calibration")} name={`calibration-${found.dimension}`} plot={plot} />
      }
    >
      <SharePlot
        ref={plot}
        title={t("ratings.calibration")}
        axis={t("ratings.calibration_axis")}
        points={points}
        reference={null}
        scale={[found.grades[0] ?? 0, found.grades.at(-1) ?? 1]}
        write={grade}
      />
    </Section>
  );
}

function LearningCurve({ found, more }: { found: RatedReport; more: number }) {
  const { t } = useTranslation("rewards");
  const { number, numberOf } = useEstimates();
  const format = useFormat();
  const plot = useRef<SVGSVGElement>(null);
  const { curve, gain } = found.report;
  const points = curve.flatMap(({ votes, correlation }) => {
    if (correlation.value === null) return [];
    const label = format.integer(Math.round(votes));
    const text = t("ratings.curve_point", { votes: label, alike: numberOf(correlation) });
    return [{ label, text, share: correlation.value, interval: ends(correlation.interval) }];
  });
  return (
    <Section
      title={t("report.curve")}
      note={t("ratings.curve_note")}
      actions={
        <SaveMenu title={t("report.curve")} name={`learning-curve-${found.dimension}`} plot={plot} />
      }
    >
      {gain !== null && gain.value !== null && (
        <Text size="sm">
          {t("ratings.gain", { votes: format.integer(more), value: numberOf(gain) })}
        </Text>
      )}
      <SharePlot
        ref={plot}
        title={t("report.curve")}
        axis={t("ratings.curve_axis")}
        points={points}
        reference={0}
        scale={[-1, 1]}
        write={number}
      />
    </Section>
  );
}

function Disagreements({ found }: { found: RatedReport }) {
  const { t } = useTranslation("rewards");
  const project = useProject();
  const format = useFormat();
  return (
    <Section title={t("report.disagreements")} note={t("ratings.disagreements_note")}>
      <ol className={styles.pairs}>
        {found.disagreements.map((one) => (
          <li key={one.image} className={styles.pair}>
            <figure className={styles.side}>
              <img src={`/api/v1/images/${one.image}/thumbnail`} alt="" loading="lazy" />
              <figcaption>
                <span>{t("ratings.people_give", { value: format.fixed(one.rating, 1) })}</span>
                <span>{t("ratings.model_expects", { value: format.fixed(one.predicted, 1) })}</span>
              </figcaption>
            </figure>
            <Anchor
              component={Link}
              to={`/projects/${project.id}/items?item=${one.item}`}
              size="sm"
              lineClamp={4}
              title={one.prompt}
            >
              {one.prompt || t("report.no_prompt")}
            </Anchor>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** What a question that rates has been given so far. */
export function RatingsTable({ ratings }: { ratings: readonly Schemas["RatingVotes"][] }) {
  const { t } = useTranslation("rewards");
  const title = useQuestionTitles();
  const format = useFormat();
  return (
    <Table w="auto" style={{ alignSelf: "flex-start" }} horizontalSpacing="md" verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("start.question")}</Table.Th>
          <Table.Th ta="right">{t("start.ratings")}</Table.Th>
          <Table.Th ta="right">{t("start.images")}</Table.Th>
          <Table.Th ta="right">{t("start.prompts")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {ratings.map((one) => (
          <Table.Tr key={one.dimension}>
            <Table.Th scope="row" fw={400}>
              {title(one.dimension)}
            </Table.Th>
            <Table.Td ta="right">{format.integer(one.votes)}</Table.Td>
            <Table.Td ta="right">{format.integer(one.images)}</Table.Td>
            <Table.Td ta="right">{format.integer(one.prompts)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

import { Button, SegmentedControl, SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useQuestionTitles } from "@/manage/exports/useQuestionTitles";
import { chosenQuery } from "@/manage/measurements/queries";
import { Section } from "@/manage/parts/Section";
import { Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { Link } from "@/ui/Link";

import { Accuracy } from "./Accuracy";
import { Calibration, LearningCurve } from "./Curves";
import { Disagreements } from "./Disagreements";
import { Groups } from "./Groups";
import { type Head, type Report, reportQuery } from "./queries";
import { Ratings } from "./Ratings";

/** How good a model is, and the model itself to take along. */
export function HeadReport({ head }: { head: Head }) {
  const query = useQuery(reportQuery(head.id));
  return <Loaded query={query}>{(report) => <Dimensions head={head} report={report} />}</Loaded>;
}

/** As which metrics it measures; nothing for one whose place another has taken. */
function IsMetric({ head }: { head: Head }) {
  const { t } = useTranslation("rewards");
  const { data } = useQuery(chosenQuery(head.project));
  const mine = data?.learnt.filter(({ version }) => version === String(head.id)) ?? [];
  if (mine.length === 0) return null;
  return (
    <Text size="sm">
      {t("report.is_metric", { names: mine.map(({ name }) => name).join(", ") })}{" "}
      <Link to={`/projects/${head.project}/measurements/generators`}>{t("report.to_values")}</Link>
    </Text>
  );
}

function Dimensions({ head, report }: { head: Head; report: Report }) {
  const { t } = useTranslation("rewards");
  const title = useQuestionTitles();
  const format = useFormat();
  // Where a template has an overall question, it is the last.
  const all = [...report.dimensions, ...report.ratings].map(({ dimension }) => dimension);
  const [chosen, setChosen] = useState(all.at(-1) ?? "");
  const shown = report.dimensions.find(({ dimension }) => dimension === chosen);
  const rated = report.ratings.find(({ dimension }) => dimension === chosen);
  return (
    <>
      <Section
        title={t("report.of", { at: format.dateTime(head.created_at) })}
        note={t("report.blind")}
        actions={
          <Button
            component="a"
            href={`/api/v1/reward-heads/${head.id}/archive`}
            title={t("download_note", { bytes: format.bytes(head.bytes) })}
            size="compact-sm"
            style={{ flexShrink: 0 }}
            download
          >
            {t("download")}
          </Button>
        }
      >
        {all.length > 1 && (
          <SegmentedControl
            size="xs"
            style={{ alignSelf: "flex-start" }}
            aria-label={t("start.question")}
            value={chosen}
            onChange={setChosen}
            data={all.map((dimension) => ({ value: dimension, label: title(dimension) }))}
          />
        )}
        {shown && (
          <Text size="sm">
            {t("report.from", {
              votes: format.integer(shown.votes),
              pairs: format.integer(shown.pairs),
              prompts: format.integer(shown.prompts),
            })}
          </Text>
        )}
        {rated && (
          <Text size="sm">
            {t("ratings.from", {
              votes: format.integer(rated.votes),
              images: format.integer(rated.images),
              prompts: format.integer(rated.prompts),
            })}
          </Text>
        )}
        {shown && shown.weights.people > 0 && (
          <Text size="sm">
            {t("report.weighed", {
              count: shown.weights.people,
              least: format.fixed(shown.weights.least, 2),
              most: format.fixed(shown.weights.most, 2),
            })}
          </Text>
        )}
        {Object.entries(report.few).map(([dimension, count]) => (
          <Text key={dimension} size="sm">
            {t("report.few", { question: title(dimension), count, least: format.integer(report.least) })}
          </Text>
        ))}
        <IsMetric head={head} />
        {report.skipped > 0 && <Text size="sm">{t("report.skipped", { count: report.skipped })}</Text>}
      </Section>
      {rated && <Ratings key={rated.dimension} found={rated} more={report.more_votes} />}
      {shown && (
        <Stack key={shown.dimension} gap="md">
          <Accuracy found={shown} />
          <Groups found={shown} />
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
            <Calibration found={shown} />
            <LearningCurve found={shown} more={report.more_votes} />
          </SimpleGrid>
          <Disagreements found={shown} />
        </Stack>
      )}
    </>
  );
}

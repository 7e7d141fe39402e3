import { Anchor, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import { useReason } from "@/i18n/reason";
import { ends } from "@/manage/charts/scale";
import { KnownAnswers } from "@/manage/gold/KnownAnswers";
import { useProject } from "@/manage/frame/ProjectFrame";
import { Notice } from "@/manage/parts/Notice";
import { PageHead, Section } from "@/manage/parts/Section";
import { Empty, Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";

import { Badges } from "./AnnotatorTable";
import { GivenAnswers } from "./GivenAnswers";
import { Moves } from "./Moves";
import { NumberTable } from "./NumberTable";
import { annotatorsQuery, type Portrait, type Standing } from "./queries";
import { type Row, rowsOf } from "./rows";
import { SharePlot } from "./SharePlot";
import { TimeBars } from "./TimeBars";

/** One annotator: what stands out, every number, plots, and what they answered. */
export function AnnotatorPage() {
  const { t } = useTranslation("app");
  const project = useProject();
  const id = Number(useParams().userId);
  const query = useQuery(annotatorsQuery(project.id));
  return (
    <Loaded query={query} rows={6}>
      {(found) => {
        const row = rowsOf(found).find((one) => one.id === id);
        if (!row) return <Empty title={t("not_found.title")}>{t("not_found.text")}</Empty>;
        return <One row={row} project={project.id} />;
      }}
    </Loaded>
  );
}

function One({ row, project }: { row: Row; project: number }) {
  const { t } = useTranslation("annotators");
  const whole = useProject();
  const format = useFormat();
  return (
    <>
      <Anchor component={Link} to={`/projects/${project}/annotators`} size="sm">
        ← {t("back")}
      </Anchor>
      <PageHead title={row.name}>
        {row.standing && <Moves project={project} standing={row.standing} />}
      </PageHead>
      <Stack gap="md">
        <Group gap="xs">
          <Badges row={row} />
          {row.portrait && (
            <Text size="sm" c="dimmed">
              {t("last_answer", { at: format.dateTime(row.portrait.last_answer_at) })}
            </Text>
          )}
          {row.standing && row.standing.holding > 0 && (
            <Text size="sm" c="dimmed">
              {t("holding", { count: row.standing.holding })}
            </Text>
          )}
        </Group>
        {row.standing && <PauseNotice standing={row.standing} />}
        {row.portrait ? (
          <Told portrait={row.portrait} project={project} name={row.name} />
        ) : (
          <Text size="sm">{t("no_answers")}</Text>
        )}
        <KnownAnswers project={project} user={row.id} />
        <GivenAnswers project={whole} user={row.id} />
      </Stack>
    </>
  );
}

/** From a hint to what it is about. */
function Look({ project, person, name }: { project: number; person: number; name: string }) {
  const { t } = useTranslation("reviewers");
  return (
    <Group gap="md" role="group" aria-label={t("look", { name })}>
      <Anchor component={Link} to={`/projects/${project}/review?annotator=${person}`} size="sm">
        {t("look_review")}
      </Anchor>
      <Anchor component={Link} to={`/projects/${project}/items?annotator=${person}`} size="sm">
        {t("look_items")}
      </Anchor>
    </Group>
  );
}

function PauseNotice({ standing }: { standing: Standing }) {
  const { t } = useTranslation("annotators");
  const format = useFormat();
  if (standing.paused_at === null) return null;
  return (
    <Notice color="orange" title={t("pause.done", { at: format.dateTime(standing.paused_at) })}>
      {standing.note !== "" && <Text size="sm">{t("pause.told", { note: standing.note })}</Text>}
    </Notice>
  );
}

interface ToldProps {
  portrait: Portrait;
  project: number;
  name: string;
}

function Told({ portrait, project, name }: ToldProps) {
  const { t } = useTranslation("annotators");
  const reason = useReason();
  const { numbers } = portrait;
  return (
    <>
      <Section title={t("hints")} note={t("hints_note")}>
        {numbers.findings.length === 0 ? (
          <Text size="sm">{t("no_hints")}</Text>
        ) : (
          <Stack component="ul" gap={4} m={0} pl="md">
            {numbers.findings.map((finding) => (
              <Text component="li" size="sm" key={finding.code}>
                {reason(finding)}
              </Text>
            ))}
          </Stack>
        )}
        <Look project={project} person={portrait.id} name={name} />
      </Section>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <ByMinute portrait={portrait} />
        {portrait.by_day.length > 1 && <ByDay portrait={portrait} />}
        {numbers.times.some((count) => count > 0) && (
          <Section title={t("times")} note={t("times_note")}>
            <TimeBars counts={numbers.times} />
          </Section>
        )}
      </SimpleGrid>
      <Section title={t("numbers")} note={t("numbers_note")}>
        <NumberTable numbers={numbers} />
      </Section>
    </>
  );
}

function ByMinute({ portrait }: { portrait: Portrait }) {
  const { t } = useTranslation("annotators");
  const format = useFormat();
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
    <Section title={t("by_minute")} note={t("by_minute_note")}>
      <SharePlot
        title={t("by_minute")}
        axis={t("minute")}
        points={points}
        reference={portrait.numbers.agreement.value}
      />
    </Section>
  );
}

const DAYS = 30;

function ByDay({ portrait }: { portrait: Portrait }) {
  const { t } = useTranslation("annotators");
  const format = useFormat();
  const points = portrait.by_day.slice(-DAYS).map(({ date, left, n }) => ({
    label: format.day(date),
    share: left / n,
    interval: null,
    text: t("by_day_value", { day: format.day(date), share: format.percent(left / n), count: n }),
  }));
  return (
    <Section title={t("by_day")} note={t("by_day_note")}>
      <SharePlot title={t("by_day")} axis={t("day")} points={points} reference={0.5} />
    </Section>
  );
}

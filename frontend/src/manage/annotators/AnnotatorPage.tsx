import { Anchor, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";
import { useParams } from "react-router";

import { useReason } from "@/i18n/reason";
import { KnownAnswers } from "@/manage/gold/KnownAnswers";
import { useProject } from "@/manage/frame/ProjectFrame";
import { Notice } from "@/manage/parts/Notice";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { PageHead, Section } from "@/manage/parts/Section";
import { Empty, Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { Link } from "@/ui/Link";

import { Badges } from "./AnnotatorTable";
import { ByDay, ByMinute, Times } from "./Cards";
import { GivenAnswers } from "./GivenAnswers";
import { Moves } from "./Moves";
import { NumberTable } from "./NumberTable";
import { annotatorsQuery, type Portrait, type Standing } from "./queries";
import { type Row, rowsOf } from "./rows";
import { numbersCsv } from "./table";

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
        {numbers.times.some((count) => count > 0) && <Times portrait={portrait} />}
      </SimpleGrid>
      <Section
        title={t("numbers")}
        note={t("numbers_note")}
        actions={
          <SaveMenu
            title={t("numbers")}
            name={`annotator-${portrait.id}-numbers`}
            tables={{ csv: () => numbersCsv(numbers) }}
          />
        }
      >
        <NumberTable numbers={numbers} />
      </Section>
    </>
  );
}

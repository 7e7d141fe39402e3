import { Box, Button, Group, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { ForestFigure } from "@/manage/charts/ForestFigure";
import { ends } from "@/manage/charts/scale";
import { useProject } from "@/manage/frame/ProjectFrame";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { PageHead, Section } from "@/manage/parts/Section";
import { Empty, Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { Reviewers } from "@/manage/reviewers/Reviewers";
import { Link } from "@/ui/Link";

import { AnnotatorTable } from "./AnnotatorTable";
import { type Annotators, annotatorsQuery } from "./queries";
import { type Filter, fits, rowsOf } from "./rows";
import { tableText } from "./table";

const FILTERS: readonly Filter[] = ["all", "hints", "paused"];

export function AnnotatorsPage() {
  const { t } = useTranslation("annotators");
  const project = useProject();
  const query = useQuery(annotatorsQuery(project.id));
  return (
    <>
      <PageHead title={t("title")} />
      <Loaded query={query} rows={6}>
        {(found) => <People found={found} project={project.id} />}
      </Loaded>
      <Box mt="md">
        <Reviewers project={project} />
      </Box>
    </>
  );
}

function People({ found, project }: { found: Annotators; project: number }) {
  const { t } = useTranslation("annotators");
  const format = useFormat();
  const [filter, setFilter] = useState<Filter>("all");
  const [search, setSearch] = useState("");
  const plot = useRef<SVGSVGElement>(null);
  const rows = rowsOf(found);
  if (rows.length === 0) {
    return (
      <Empty
        title={t("empty_title")}
        action={
          <Button component={Link} to={`/projects/${project}/members`} size="xs">
            {t("empty_invite")}
          </Button>
        }
      >
        {t("empty")}
      </Empty>
    );
  }
  const shown = rows.filter((row) => fits(row, filter, search));
  return (
    <Section
      title={t("counted", {
        count: found.report.answers,
        at: format.dateTime(found.report.computed_at),
      })}
      note={t("note")}
      actions={
        <SaveMenu
          title={t("title")}
          name={`annotators-${project}-numbers`}
          tables={{ csv: () => tableText(rows) }}
          plot={plot}
        />
      }
    >
      <Stack gap="sm">
        <Group gap="sm">
          <SegmentedControl
            size="xs"
            aria-label={t("filter.label")}
            value={filter}
            data={FILTERS.map((value) => ({ value, label: t(`filter.${value}`) }))}
            onChange={(value) => setFilter(FILTERS.find((one) => one === value) ?? "all")}
          />
          <TextInput
            size="xs"
            w={220}
            type="search"
            aria-label={t("filter.search")}
            placeholder={t("filter.search")}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
        </Group>
        {shown.length === 0 ? (
          <Text size="sm" c="dimmed" role="status">
            {t("filter.none")}
          </Text>
        ) : (
          <AnnotatorTable rows={shown} project={project} />
        )}
        <ForestFigure
          ref={plot}
          rows={shown.map(({ name, portrait }) => ({
            name,
            value: portrait?.numbers.agreement.value ?? null,
            interval: ends(portrait?.numbers.agreement.interval ?? null),
          }))}
          label={t("column.agreement")}
          write={(value) => format.percent(value)}
          reference={0.5}
          scale={[0, 1]}
        />
      </Stack>
    </Section>
  );
}

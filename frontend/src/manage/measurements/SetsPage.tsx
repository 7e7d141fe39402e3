import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import { useProject } from "@/manage/frame/ProjectFrame";
import { Section } from "@/manage/parts/Section";
import { Empty, Loaded } from "@/manage/parts/states";

import { AskSets } from "./AskSets";
import { MissingWeights } from "./MissingWeights";
import { catalogQuery, type Metric, type Reference, referencesQuery, setsQuery } from "./queries";
import { References } from "./References";
import { SetTables } from "./SetTables";

/** Whole sets of images: each generator's against a reference. */
export function SetsPage() {
  const project = useProject();
  const catalog = useQuery(catalogQuery);
  const references = useQuery(referencesQuery(project.id));
  return (
    <Loaded query={catalog} rows={5}>
      {(all) => (
        <Loaded query={references} rows={5}>
          {({ results }) => (
            <Sets
              metrics={all.filter((metric) => metric.grain === "set")}
              references={results}
              project={project.id}
            />
          )}
        </Loaded>
      )}
    </Loaded>
  );
}

interface Props {
  metrics: readonly Metric[];
  references: readonly Reference[];
  project: number;
}

function Sets({ metrics, references, project }: Props) {
  const { t } = useTranslation("metrics");
  const sets = useQuery(setsQuery(project));
  const ready = metrics.filter((metric) => metric.available);
  return (
    <Stack gap="md">
      <Section title={t("sets.ask")} note={t("sets.ask_note")}>
        {ready.length === 0 ? (
          <NoneReady metrics={metrics} />
        ) : (
          <AskSets
            metrics={metrics}
            references={references}
            project={project}
            progress={sets.data?.progress}
          />
        )}
      </Section>
      <Loaded query={sets} rows={3}>
        {({ results }) =>
          results.length === 0 ? (
            <Section title={t("sets.title")}>
              <Empty title={t("sets.empty_title")}>
                {references.length === 0 || ready.length === 0 ? t("sets.empty_no_reference") : t("sets.empty")}
              </Empty>
            </Section>
          ) : (
            <SetTables results={results} metrics={metrics} references={references} />
          )
        }
      </Loaded>
      <References references={references} metrics={metrics} project={project} />
    </Stack>
  );
}

function NoneReady({ metrics }: { metrics: readonly Metric[] }) {
  const { t } = useTranslation("metrics");
  return (
    <Stack gap="xs">
      <Text size="sm">
        {metrics.length === 0 ? t("sets.no_metrics") : t("sets.none_ready", { names: metrics.map(({ name }) => name).join(", ") })}
      </Text>
      <MissingWeights metrics={metrics} />
    </Stack>
  );
}

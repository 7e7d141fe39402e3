import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import { useProject } from "@/manage/frame/ProjectFrame";
import { PageHead } from "@/manage/parts/Section";
import { Loaded } from "@/manage/parts/states";

import { Contested } from "./Contested";
import { GoldItems } from "./GoldItems";
import { GoldRule } from "./GoldRule";
import { goldQuery } from "./queries";
import { TestedPeople } from "./TestedPeople";

/** Known answers: what is contested, how they are used, who misses them, and the items. */
export function GoldPage() {
  const { t } = useTranslation("gold");
  const project = useProject();
  const query = useQuery({ ...goldQuery(project.id), refetchInterval: 30_000 });
  return (
    <>
      <PageHead title={t("title")} />
      <Text size="sm" mb="md" maw="80ch">
        {t("intro")}
      </Text>
      <Loaded query={query} rows={6}>
        {(found) => (
          <Stack gap="md">
            {found.contested.length > 0 && <Contested project={project.id} misses={found.contested} />}
            <GoldItems project={project.id} items={found.items} />
            <TestedPeople project={project.id} people={found.people} test={found.test} />
            <GoldRule project={project.id} rule={found.rule} test={found.test} />
          </Stack>
        )}
      </Loaded>
    </>
  );
}

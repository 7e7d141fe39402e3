import { Code, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import { useProject } from "@/manage/frame/ProjectFrame";
import { PageHead } from "@/manage/parts/Section";
import { Empty, Loaded } from "@/manage/parts/states";

import { GroupTable } from "./GroupTable";
import { groupsQuery } from "./queries";

/** Groups of candidates that a training loop asked people about. */
export function GroupsPage() {
  const { t } = useTranslation("loop");
  const project = useProject();
  const query = useQuery(groupsQuery(project.id));
  return (
    <>
      <PageHead title={t("title")} />
      <Text size="sm" mb="md" maw="80ch">
        {t("intro")}
      </Text>
      <Loaded query={query}>
        {(groups) =>
          groups.length === 0 ? (
            <>
              <Empty title={t("empty_title")}>{t("empty_text")}</Empty>
              <Code block>{program(project.id)}</Code>
            </>
          ) : (
            <GroupTable groups={groups} />
          )
        }
      </Loaded>
    </>
  );
}

function program(project: number): string {
  return `from triptych_client import Triptych

project = Triptych("${window.location.origin}", TOKEN).project(${project})
people = project.rank(images, prompt, ttl=600, step=step)
if people.votes:
    learn(people.strengths)`;
}

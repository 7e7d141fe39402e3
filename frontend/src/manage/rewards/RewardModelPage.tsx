import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useProject } from "@/manage/frame/ProjectFrame";
import { PageHead } from "@/manage/parts/Section";
import { Loaded } from "@/manage/parts/states";
import { WorkerNotice } from "@/manage/parts/WorkerNotice";

import { HeadReport } from "./HeadReport";
import { HeadTable } from "./HeadTable";
import { LastHead } from "./LastHead";
import { type Head, headsQuery, isPending, votesQuery } from "./queries";
import { Train } from "./Train";

/** A reward model of the project's own votes: what it needs, its training, how good it is. */
export function RewardModelPage() {
  const { t } = useTranslation("rewards");
  const project = useProject();
  const votes = useQuery(votesQuery(project.id));
  const heads = useQuery(headsQuery(project.id));
  return (
    <>
      <PageHead title={t("title")} />
      <Text size="sm" mb="md" maw="80ch">
        {t("intro")}
      </Text>
      <Stack gap="md">
        <Loaded query={votes}>
          {(found) => (
            <Train
              votes={found}
              trained={heads.data?.some(({ state }) => state === "done") ?? false}
              busy={heads.data?.some(isPending) ?? false}
            />
          )}
        </Loaded>
        <WorkerNotice waiting={heads.data?.some(isPending) ?? false} />
        <Loaded query={heads}>{(all) => <Heads all={all} />}</Loaded>
      </Stack>
    </>
  );
}

function Heads({ all }: { all: readonly Head[] }) {
  const [chosen, setChosen] = useState<number | null>(null);
  const done = all.filter(({ state }) => state === "done");
  const shown = done.find(({ id }) => id === chosen) ?? done[0];
  const [last] = all;
  return (
    <>
      {last && last.state !== "done" && <LastHead head={last} />}
      {shown && <HeadReport key={shown.id} head={shown} />}
      {all.length > 1 && <HeadTable heads={all} shown={shown?.id ?? null} onShow={setChosen} />}
    </>
  );
}

import { Button, Grid, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import { useProject } from "@/manage/frame/ProjectFrame";
import { ProjectLife } from "@/manage/lifecycle/ProjectLife";
import { PageHead } from "@/manage/parts/Section";
import { Empty, Loaded } from "@/manage/parts/states";
import { progressQuery } from "@/manage/queries";
import { Link } from "@/ui/Link";

import { Agreement } from "./Agreement";
import { Annotators } from "./Annotators";
import { DailyAnswers } from "./DailyAnswers";
import { FirstSteps } from "./FirstSteps";
import { Leaderboard } from "./Leaderboard";
import { ProgressCard } from "./ProgressCard";
import { ProjectCard } from "./ProjectCard";
import { SideBias } from "./SideBias";

export function OverviewPage() {
  const { t } = useTranslation("manage");
  const project = useProject();
  const progress = useQuery(progressQuery(project.id));
  const reviews = progress.data?.reviews.waiting ?? 0;
  return (
    <>
      <PageHead title={t("tabs.overview")}>
        {project.roles.includes("annotator") && (
          <Button component={Link} to={`/projects/${project.id}/annotate`} variant="default">
            {t("overview.annotate")}
          </Button>
        )}
        <Button
          component={Link}
          to={`/projects/${project.id}/review`}
          variant={reviews > 0 ? "filled" : "default"}
        >
          {t("overview.review_now")}
          {reviews > 0 ? ` (${reviews})` : ""}
        </Button>
      </PageHead>
      <Loaded query={progress} rows={5}>
        {(report) => (
          <Grid gap="md">
            <Grid.Col span={{ base: 12, md: 8 }}>
              <Stack gap="md">
                {project.roles.includes("manager") && report.per_day.length === 0 && (
                  <FirstSteps project={project} items={report.items} />
                )}
                {report.items === 0 ? (
                  <Empty
                    title={t("overview.empty_title")}
                    action={
                      <Button component={Link} to={`/projects/${project.id}/batches`} mt="xs">
                        {t("overview.upload")}
                      </Button>
                    }
                  >
                    {t("overview.empty")}
                  </Empty>
                ) : (
                  <>
                    <ProgressCard report={report} />
                    <DailyAnswers days={report.per_day} />
                    <Annotators annotators={report.annotators} />
                    <Agreement project={project} />
                    <Leaderboard project={project} />
                    <SideBias project={project} />
                  </>
                )}
              </Stack>
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 4 }}>
              <Stack gap="md">
                <ProjectCard project={project} />
                <ProjectLife project={project} />
              </Stack>
            </Grid.Col>
          </Grid>
        )}
      </Loaded>
    </>
  );
}

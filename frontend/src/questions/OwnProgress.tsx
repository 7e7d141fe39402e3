import { queryOptions } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, type Schemas, server } from "@/api/client";

type MyProgress = Schemas["MyProgress"];

/** `look`: another number asks anew. */
export function progressQuery(project: number, look = 0) {
  return queryOptions({
    queryKey: ["project", project, "my-progress", look],
    queryFn: ({ signal }) =>
      answer(
        server.GET("/projects/{project_id}/my-progress", {
          params: { path: { project_id: project } },
          signal,
        }),
      ),
    staleTime: Infinity,
  });
}

interface Props {
  progress: MyProgress;
  titleOf: (id: string) => string;
}

/** How somebody agrees with what is known, and which of their habits stand out. */
export function OwnProgress({ progress, titleOf }: Props) {
  const { t } = useTranslation("learning");
  const { share, habits } = progress;
  return (
    <>
      <p>
        {share === null
          ? t("progress.no_share")
          : t("progress.share", { percent: Math.round(100 * share) })}
      </p>
      <ul>
        {habits.length === 0 && <li>{t("progress.none")}</li>}
        {habits.map(({ habit, percent, count, question, seconds, before }) => (
          <li key={habit}>
            {t(`progress.${habit}`, {
              percent,
              count,
              question: question === null ? "" : titleOf(question),
              seconds,
              before,
            })}
          </li>
        ))}
      </ul>
      <p>{t("progress.own")}</p>
    </>
  );
}

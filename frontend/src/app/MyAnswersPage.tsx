import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";
import { useParams } from "react-router";

import { answer, type Schemas, server } from "@/api/client";
import { useErrorText } from "@/api/errorText";
import { projectQuery } from "@/api/queries";
import { useQuestionText } from "@/i18n/questionText";
import { everAsked } from "@/questions/asked";
import { OwnProgress, progressQuery } from "@/questions/OwnProgress";
import { Link } from "@/ui/Link";

import { Frame } from "./Frame";
import { Loading } from "./Loading";
import styles from "./MyAnswersPage.module.css";
import { MissedGold } from "./MyMisses";

type Mine = Schemas["MyAnnotation"];

/** /projects/:id/mine: one's own answers, and where the project shows it, why some were rejected. */
export function MyAnswersPage() {
  const { t } = useTranslation("mine");
  const id = Number(useParams().id);
  const project = useQuery(projectQuery(id)).data;
  const [onlyRejected, setOnlyRejected] = useState(false);
  const query = useQuery({
    queryKey: ["project", id, "mine"],
    queryFn: ({ signal }) =>
      answer(server.GET("/projects/{project_id}/my-annotations", { params: { path: { project_id: id } }, signal })),
  });
  const gold = useQuery({
    queryKey: ["project", id, "misses"],
    queryFn: ({ signal }) =>
      answer(server.GET("/projects/{project_id}/my-misses", { params: { path: { project_id: id } }, signal })),
  }).data;
  const missOf = new Map(gold?.misses.map((miss) => [miss.assignment, miss]));
  const shows = project?.show_verdicts === true;
  const all = query.data ?? [];
  const shown = onlyRejected ? all.filter(({ rejected, assignment }) => rejected !== null || missOf.has(assignment)) : all;
  return (
    <Frame>
      <title>{`${t("title")} · Triptych`}</title>
      <Link to="/">← {t("back")}</Link>
      <h1>
        {t("title")}
        {project && <span className={styles.project}> {project.name}</span>}
      </h1>
      <p className={styles.note}>{t(shows ? "note" : "hidden")}</p>
      {project && <HowIWork project={project} />}
      {gold?.warned_at && <Warned at={gold.warned_at} />}
      {shows && (
        <label className={styles.filter}>
          <input
            type="checkbox"
            checked={onlyRejected}
            onChange={(event) => setOnlyRejected(event.currentTarget.checked)}
          />
          {t("only_rejected")}
        </label>
      )}
      {query.isPending && <Loading />}
      {query.isError && <Failed error={query.error} />}
      {query.isSuccess && shown.length === 0 && (
        <p>{t(all.length === 0 ? "empty" : "none_rejected")}</p>
      )}
      <ul className={styles.answers}>
        {shown.map((one) => (
          <Answer key={one.assignment + one.at} mine={one}>
            <Missed project={id} miss={missOf.get(one.assignment)} />
          </Answer>
        ))}
      </ul>
    </Frame>
  );
}

function HowIWork({ project }: { project: Schemas["Project"] }) {
  const { t } = useTranslation("learning");
  const { title } = useQuestionText(project.template);
  const { data } = useQuery({ ...progressQuery(project.id), staleTime: 0 });
  if (!data) return null;
  const titleOf = (id: string) => {
    const question = everAsked(project).find((one) => one.id === id);
    return question ? title(question) : id;
  };
  return (
    <section>
      <h2>{t("progress.mine")}</h2>
      {data.sets === 0 ? (
        <p className={styles.note}>{t("progress.sets", { count: data.set_size })}</p>
      ) : (
        <OwnProgress progress={data} titleOf={titleOf} />
      )}
    </section>
  );
}

function Failed({ error }: { error: Error }) {
  const errorText = useErrorText();
  return <p role="alert">{errorText(error)}</p>;
}

function Missed({ project, miss }: { project: number; miss: Schemas["MyMiss"] | undefined }) {
  return miss && <MissedGold project={project} miss={miss} />;
}

function Warned({ at }: { at: string }) {
  const { t, i18n } = useTranslation("gold");
  const when = new Date(at).toLocaleString(i18n.language, { dateStyle: "medium" });
  return (
    <p className={styles.warned} role="status">
      {t("mine.warned", { at: when })}
    </p>
  );
}

function Answer({ mine, children }: { mine: Mine; children: ReactNode }) {
  const { t, i18n } = useTranslation("mine");
  const { rejected } = mine;
  const at = new Date(mine.at).toLocaleString(i18n.language, { dateStyle: "medium", timeStyle: "short" });
  return (
    <li className={styles.answer}>
      <div className={styles.thumbnails}>
        {mine.thumbnail_urls.map((url) => (
          <img key={url} src={url} alt="" loading="lazy" />
        ))}
      </div>
      <div className={styles.text}>
        <p>{mine.prompt}</p>
        <p className={styles.note}>{at}</p>
        {rejected && (
          <p className={styles.rejected}>
            <strong>{t(rejected.code === null ? "sent_back" : "rejected")}</strong> {rejected.reason}
          </p>
        )}
        {children}
      </div>
    </li>
  );
}

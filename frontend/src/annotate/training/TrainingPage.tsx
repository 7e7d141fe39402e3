import "@/questions/allKinds";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";
import { useParams } from "react-router";

import type { Images } from "@/annotate/queue/imageCache";
import { loadImages, unloadImages } from "@/annotate/queue/loadImages";
import type { Assignment, Project } from "@/annotate/server";
import { OneItemDesk } from "@/annotate/single/OneItemDesk";
import { answer, type Schemas, server } from "@/api/client";
import { useErrorText } from "@/api/errorText";
import { projectQuery } from "@/api/queries";
import { askedBy, everAsked } from "@/questions/asked";
import type { Answers } from "@/questions/kind";
import { Button, buttonClass } from "@/ui/desk/Button";
import { Empty, Waiting } from "@/ui/desk/Empty";
import { BarSpace, BarText, BarTitle, Frame } from "@/ui/desk/Frame";
import { Link } from "@/ui/Link";
import { Message } from "@/ui/Message";

import { Feedback } from "./Feedback";

type MyTraining = Schemas["MyTraining"];
type Task = NonNullable<MyTraining["task"]>;

const trainingKey = (project: number) => ["project", project, "my-training"] as const;

/** /projects/:id/learn: settled items, with what was known after each answer. */
export default function TrainingPage({ language }: { language: ReactNode }) {
  const { t } = useTranslation(["learning", "app"]);
  const text = useErrorText();
  const id = Number(useParams().id);
  const params = { path: { project_id: id } };
  const project = useQuery(projectQuery(id));
  const training = useQuery({
    queryKey: trainingKey(id),
    queryFn: ({ signal }) =>
      answer(server.GET("/projects/{project_id}/my-training", { params, signal })),
    staleTime: Infinity,
  });
  const failed = project.error ?? training.error;
  if (failed) return <Message title={t("training.title")} text={text(failed)} />;
  if (!project.data || !training.data) return null;
  const { attempt } = training.data;
  return (
    <Frame
      bar={
        <>
          <BarTitle>{project.data.name}</BarTitle>
          <BarText>
            {t("training.title")}
            {attempt &&
              ` · ${t("training.item", {
                number: Math.min(attempt.done + 1, training.data.items),
                items: training.data.items,
              })}`}
          </BarText>
          <BarSpace />
          <Link className={buttonClass("quiet")} to="/">
            {t("app:home")}
          </Link>
          {language}
        </>
      }
    >
      <Course project={project.data} training={training.data} />
    </Frame>
  );
}

interface Answered {
  readonly answers: Answers;
  readonly feedback: Schemas["TrainingFeedback"];
  readonly task: Task;
}

/** One item after the other, each followed by its feedback; before and after it, where one stands. */
function Course({ project, training }: { project: Project; training: MyTraining }) {
  const client = useQueryClient();
  const text = useErrorText();
  const [answered, setAnswered] = useState<Answered | null>(null);
  const params = { path: { project_id: project.id } };
  const put = (next: MyTraining) => client.setQueryData(trainingKey(project.id), next);
  const begin = useMutation({
    mutationFn: () => answer(server.POST("/projects/{project_id}/my-training", { params })),
    onSuccess: put,
  });
  const send = useMutation({
    mutationFn: ({ task, answers }: { task: Task; answers: Answers }) =>
      answer(
        server.POST("/projects/{project_id}/my-training/answers", {
          params,
          body: { item: task.id, answers },
        }),
      ),
    onSuccess: (feedback, { task, answers }) => setAnswered({ feedback, task, answers }),
  });
  const { mutate } = send;
  const { task } = training;
  const onAnswered = useCallback(
    (answers: Answers) => {
      if (task) mutate({ task, answers });
    },
    [task, mutate],
  );
  if (!task) {
    return <Standing project={project} training={training} busy={begin.isPending} onBegin={() => begin.mutate()} />;
  }
  const questions = askedBy(everAsked(project), task.asked);
  return (
    <>
      <TaskDesk
        key={`${training.attempt?.number ?? 0} ${task.id}`}
        project={project}
        task={task}
        resting={send.isPending || answered !== null}
        onAnswered={onAnswered}
      />
      {send.isError && <p role="alert">{text(send.error)}</p>}
      {answered && (
        <Feedback
          feedback={answered.feedback}
          questions={questions}
          template={project.template}
          answers={answered.answers}
          order={answered.task.shown.order}
          checklist={answered.task.item.checklist}
          onNext={() => {
            put(answered.feedback.training);
            setAnswered(null);
          }}
        />
      )}
    </>
  );
}

interface TaskDeskProps {
  project: Project;
  task: Task;
  resting: boolean;
  onAnswered: (answers: Answers) => void;
}

function TaskDesk({ project, task, resting, onAnswered }: TaskDeskProps) {
  const [item] = useState<Assignment>(() => ({ ...task, lease_expires_at: null }));
  const [images, setImages] = useState<Images | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let current = true;
    let loaded: Images | null = null;
    void loadImages(item).then((found) => {
      if (current) setImages((loaded = found));
      else unloadImages(found);
    });
    return () => {
      current = false;
      if (loaded) unloadImages(loaded);
    };
  }, [item, tries]);
  return (
    <OneItemDesk
      questions={askedBy(everAsked(project), task.asked)}
      imageByImage={project.image_by_image}
      template={project.template}
      item={item}
      images={images}
      resting={resting}
      onRetry={() => setTries(tries + 1)}
      onAnswered={onAnswered}
    />
  );
}

interface StandingProps {
  project: Project;
  training: MyTraining;
  busy: boolean;
  onBegin: () => void;
}

/** Before the first item and after the last: what it is, how it went, what one can do. */
function Standing({ project, training, busy, onBegin }: StandingProps) {
  const { t } = useTranslation(["learning", "app"]);
  const { required, pass_share, passed_at, items, finished } = training;
  const [last] = finished;
  const percent = Math.round(100 * pass_share);
  const mayWork = !required || passed_at !== null;
  if (busy) return <Waiting>{t("app:loading")}</Waiting>;
  return (
    <Empty
      title={last ? t(last.passed ? "training.passed" : "training.failed") : t("training.title")}
      actions={
        <>
          {mayWork && (
            <Link className={buttonClass(last ? "go" : "plain")} to={`/projects/${project.id}/annotate`}>
              {t("training.to_work")}
            </Link>
          )}
          <Button look={mayWork && last ? "plain" : "go"} onClick={onBegin}>
            {t(last ? "training.again" : "training.begin")}
          </Button>
        </>
      }
    >
      {last ? (
        <p>{t("training.score", { right: last.right, of: last.of, percent })}</p>
      ) : (
        <p>{t("training.intro", { count: items, percent })}</p>
      )}
      <p>{t("training.nowhere")}</p>
    </Empty>
  );
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useReducer, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { api, ApiError } from "@/api/client";
import { useErrorText } from "@/api/errorText";
import type { Project, Review, Verdicts as VerdictsBody } from "@/api/types";
import { WHOLE } from "@/image/geometry";

import { AnswerTable } from "./AnswerTable";
import type { Command } from "./commands";
import { Layers } from "./Layers";
import { closerLook, type Hover, ItemImages } from "./ItemImages";
import { Prompt } from "./Prompt";
import { nextReviewQuery } from "./queries";
import styles from "./review.module.css";
import { isComplete, startReview, step, verdicts } from "./session";
import { useKeys } from "./useKeys";
import { Verdicts } from "./Verdicts";
import type { LayerEvent, LayerView } from "./view";

interface Props {
  project: Project;
  review: Review;
  layers: LayerView;
  onLayers: (event: LayerEvent) => void;
  /** Commands about the page, not about this item: help, guideline. */
  onPage: (command: Command) => void;
  /** Something lies over the desk, so its keys rest. */
  covered: boolean;
}

/** One sampled item: its images, what each annotator said, and the verdicts. */
export function ReviewDesk({ project, review, layers, onLayers, onPage, covered }: Props) {
  const annotations = review.annotations;
  const flaws = project.questions.filter((question) => question.type === "marks");
  const [session, dispatch] = useReducer(step, annotations, (all) =>
    startReview(all.map(({ id, verdict }) => ({ id, decided: verdict !== null }))),
  );
  const [lens, setLens] = useState(WHOLE);
  const [exchanged, setExchanged] = useState(false);
  const hover = useRef<Hover | null>(null);
  const send = useSend(project, review);

  const submit = () => {
    if (send.isPending) return;
    if (isComplete(session)) send.mutate({ verdicts: verdicts(session) });
    else dispatch({ kind: "try_submit" });
  };

  const run = (command: Command) => {
    switch (command.kind) {
      case "submit":
        submit();
        break;
      case "zoom":
        if (hover.current) setLens(closerLook(hover.current));
        break;
      case "flicker":
        setExchanged(true);
        break;
      case "toggle_layer":
      case "toggle_marks":
      case "toggle_heatmap":
        onLayers(command);
        break;
      case "next_flaw":
        onLayers({ kind: "next_flaw", count: flaws.length });
        break;
      case "toggle_help":
      case "toggle_guideline":
        onPage(command);
        break;
      case "cancel":
        onPage(command);
        dispatch(command);
        break;
      default:
        dispatch(command);
        break;
    }
  };
  const release = (command: Command) => {
    if (command.kind === "zoom") setLens(WHOLE);
    if (command.kind === "flicker") setExchanged(false);
  };
  useKeys({ onCommand: run, onRelease: release, resting: covered || send.isPending });

  return (
    <div className={styles.desk}>
      <section className={styles.look}>
        <Prompt review={review} />
        <ItemImages
          review={review}
          questions={project.questions}
          chosen={session.chosen}
          layers={layers}
          lens={lens}
          onLens={setLens}
          onHover={(at) => (hover.current = at)}
          exchanged={exchanged}
        />
        {flaws.length > 0 && (
          <Layers project={project} review={review} flaws={flaws} layers={layers} onLayers={onLayers} />
        )}
      </section>
      <aside className={styles.panel}>
        <div className={styles.answersBox} tabIndex={-1}>
          <AnswerTable
            project={project}
            review={review}
            session={session}
            onChoose={(index) => dispatch({ kind: "choose", index })}
          />
        </div>
        {send.isError && <SendFailed error={send.error} project={project} onRetry={submit} />}
        <Verdicts
          session={session}
          annotation={annotations[session.chosen]}
          withMarks={flaws.length > 0}
          sending={send.isPending}
          onCommand={run}
          onReject={(reason) => dispatch({ kind: "reject", reason })}
        />
      </aside>
    </div>
  );
}

function useSend(project: Project, review: Review) {
  const client = useQueryClient();
  return useMutation({
    // Without a network it fails at once and says so, instead of waiting in silence.
    networkMode: "always",
    mutationFn: (body: VerdictsBody) => api.post(`/reviews/${review.id}/verdicts`, body),
    onSuccess: () => client.refetchQueries({ queryKey: nextReviewQuery(project.id).queryKey }),
  });
}

interface FailedProps {
  error: Error;
  project: Project;
  onRetry: () => void;
}

function SendFailed({ error, project, onRetry }: FailedProps) {
  const { t } = useTranslation("review");
  const { t: tApp } = useTranslation("app");
  const errorText = useErrorText();
  const client = useQueryClient();
  // Somebody else was quicker, or the hold has lapsed: these verdicts can't be sent any more.
  const gone = error instanceof ApiError && (error.status === 409 || error.status === 404);
  return (
    <div className={styles.failed} role="alert">
      <p>{gone ? t("stale") : errorText(error)}</p>
      {gone ? (
        <button
          type="button"
          className={styles.key}
          onClick={() => void client.resetQueries({ queryKey: nextReviewQuery(project.id).queryKey })}
        >
          {t("go_on")}
        </button>
      ) : (
        <button type="button" className={styles.key} onClick={onRetry}>
          {tApp("retry")}
        </button>
      )}
    </div>
  );
}

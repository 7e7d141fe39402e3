import "@/questions/allKinds";

import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useReducer, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";
import { useParams, useSearchParams } from "react-router";

import { ApiError } from "@/api/client";
import { useErrorText } from "@/api/errorText";
import { projectQuery } from "@/api/queries";
import { Button } from "@/ui/desk/Button";
import { CommandTable } from "@/ui/desk/CommandTable";
import { Empty, Waiting } from "@/ui/desk/Empty";
import { Frame } from "@/ui/desk/Frame";
import { Guideline } from "@/ui/desk/Guideline";

import { AnswerFirst } from "./AnswerFirst";
import { type Action, COMMANDS } from "./commands";
import { asksItem } from "@/questions/asked";
import { ALL_SHOWN, stepLayers } from "@/questions/layers/layers";
import { Nothing } from "./Nothing";
import { ReviewBar } from "./ReviewBar";
import { ReviewDesk } from "./ReviewDesk";
import { ReviewHelp } from "./ReviewHelp";
import { useReviewQueue } from "./useReviewQueue";

/** /projects/:id/review. `language`: the switch of languages, which the frame owns. */
export default function ReviewPage({ language }: { language: ReactNode }) {
  const { t } = useTranslation("review");
  const id = Number(useParams().id);
  const project = useQuery(projectQuery(id));
  const [asked, setAsked] = useSearchParams();
  const queue = useReviewQueue(id, {
    batch: numberOf(asked.get("batch")),
    annotator: numberOf(asked.get("annotator")),
  });
  const next = queue.query;
  const [layers, onLayers] = useReducer(stepLayers, ALL_SHOWN);
  const [help, setHelp] = useState(false);
  const [guideline, setGuideline] = useState(false);

  const onPage = (action: Action) => {
    if (action.kind === "toggle_help") setHelp(true);
    if (action.kind === "toggle_guideline") setGuideline(!guideline);
    if (action.kind === "cancel") setGuideline(false);
    if (action.kind === "undo" && queue.last !== null) queue.takeBack.mutate();
  };

  const clear = (name: "batch" | "annotator") =>
    setAsked(Object.fromEntries([...asked].filter(([key]) => key !== name)));
  const clearAll = asked.size === 0 ? null : () => setAsked({});

  const work = () => {
    if (!project.data || !next.data) {
      return <NotYet queries={[project, next]} onEverything={clearAll} />;
    }
    const [review] = next.data.reviews;
    if (!review) {
      return <Nothing next={next.data} state={project.data.state} onEverything={clearAll} />;
    }
    if (review.answer_first) {
      return (
        <AnswerFirst
          key={review.id}
          project={asksItem(project.data, review.asked)}
          review={review}
          covered={help}
          onOpened={queue.opened}
          onPage={onPage}
        />
      );
    }
    return (
      <ReviewDesk
        key={[review.id, review.second, ...review.annotations.map((one) => one.id + String(one.verdict))].join()}
        project={asksItem(project.data, review.asked)}
        review={review}
        layers={layers}
        onLayers={onLayers}
        onPage={onPage}
        onDone={(canUndo) => queue.goOn(review.id, canUndo)}
        onStale={queue.startAgain}
        covered={help}
      />
    );
  };

  return (
    <CommandTable commands={COMMANDS}>
      <title>{`${project.data?.name ?? ""} · Triptych`}</title>
      <Frame
        bar={
          <ReviewBar
            project={project.data}
            next={next.data}
            guideline={guideline}
            canUndo={queue.last !== null && !queue.takeBack.isPending}
            undoError={queue.takeBack.error}
            language={language}
            onPage={onPage}
            onClear={clear}
          />
        }
        dialogs={help && <ReviewHelp onClose={() => setHelp(false)} />}
      >
        {work()}
        {guideline && project.data && (
          <Guideline
            title={t("guideline")}
            text={project.data.guideline}
            none={t("no_guideline")}
          />
        )}
      </Frame>
    </CommandTable>
  );
}

/** A number of the address, null where there is none; 0, which is nothing's, for what is none. */
function numberOf(text: string | null): number | null {
  if (text === null) return null;
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

interface NotYetProps {
  queries: readonly UseQueryResult[];
  /** Null: nothing is filtered. */
  onEverything: (() => void) | null;
}

function NotYet({ queries, onEverything }: NotYetProps) {
  const { t } = useTranslation(["app", "review"]);
  const errorText = useErrorText();
  const failed = queries.find((query) => query.isError);
  if (!failed) return <Waiting>{t("loading")}</Waiting>;
  const again = () => {
    for (const query of queries) if (query.isError) void query.refetch();
  };
  const absent = failed.error instanceof ApiError && failed.error.status === 404;
  if (absent && onEverything) {
    return (
      <Empty role="alert" actions={<Button onClick={onEverything}>{t("review:chosen.all")}</Button>}>
        <p>{errorText(failed.error)}</p>
      </Empty>
    );
  }
  return (
    <Empty role="alert" actions={<Button onClick={again}>{t("retry")}</Button>}>
      <p>{errorText(failed.error)}</p>
    </Empty>
  );
}

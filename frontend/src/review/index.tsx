import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useReducer, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams, useSearchParams } from "react-router";

import { useErrorText } from "@/api/errorText";
import { projectQuery } from "@/api/queries";
import { Button } from "@/ui/desk/Button";
import { CommandTable } from "@/ui/desk/CommandTable";
import { Empty, Waiting } from "@/ui/desk/Empty";
import { Frame } from "@/ui/desk/Frame";
import { Guideline } from "@/ui/desk/Guideline";

import { type Action, COMMANDS } from "./commands";
import { ALL_SHOWN, stepLayers } from "@/questions/layers/layers";
import { Nothing } from "./Nothing";
import { ReviewBar } from "./ReviewBar";
import { ReviewDesk } from "./ReviewDesk";
import { ReviewHelp } from "./ReviewHelp";
import { useReviewQueue } from "./useReviewQueue";

/** /projects/:id/review */
export default function ReviewPage() {
  const { t } = useTranslation("review");
  const id = Number(useParams().id);
  const project = useQuery(projectQuery(id));
  const [asked] = useSearchParams();
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

  const work = () => {
    if (!project.data || !next.data) return <NotYet queries={[project, next]} />;
    const [review] = next.data.reviews;
    if (!review) return <Nothing next={next.data} state={project.data.state} />;
    return (
      <ReviewDesk
        key={[review.id, ...review.annotations.map((one) => one.id + String(one.verdict))].join()}
        project={project.data}
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
            onPage={onPage}
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

/** A number of the address, null where there is none. */
function numberOf(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function NotYet({ queries }: { queries: readonly UseQueryResult[] }) {
  const { t } = useTranslation("app");
  const errorText = useErrorText();
  const failed = queries.find((query) => query.isError);
  if (!failed) return <Waiting>{t("loading")}</Waiting>;
  const again = () => {
    for (const query of queries) if (query.isError) void query.refetch();
  };
  return (
    <Empty role="alert" actions={<Button onClick={again}>{t("retry")}</Button>}>
      <p>{errorText(failed.error)}</p>
    </Empty>
  );
}

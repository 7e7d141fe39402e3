import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useReducer, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";

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
import { nextReviewQuery } from "./queries";
import { ReviewBar } from "./ReviewBar";
import { ReviewDesk } from "./ReviewDesk";
import { ReviewHelp } from "./ReviewHelp";

/** /projects/:id/review */
export default function ReviewPage() {
  const { t } = useTranslation("review");
  const id = Number(useParams().id);
  const project = useQuery(projectQuery(id));
  const next = useQuery(nextReviewQuery(id));
  const [layers, onLayers] = useReducer(stepLayers, ALL_SHOWN);
  const [help, setHelp] = useState(false);
  const [guideline, setGuideline] = useState(false);

  const onPage = (action: Action) => {
    if (action.kind === "toggle_help") setHelp(true);
    if (action.kind === "toggle_guideline") setGuideline(!guideline);
    if (action.kind === "cancel") setGuideline(false);
  };

  const work = () => {
    if (!project.data || !next.data) return <NotYet queries={[project, next]} />;
    if (!next.data.review) return <Nothing next={next.data} state={project.data.state} />;
    return (
      <ReviewDesk
        key={`${next.data.review.id}-${next.dataUpdatedAt}`}
        project={project.data}
        review={next.data.review}
        layers={layers}
        onLayers={onLayers}
        onPage={onPage}
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

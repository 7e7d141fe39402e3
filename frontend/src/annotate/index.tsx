import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "@/i18n/useTranslation";
import { useParams } from "react-router";

import { useErrorText } from "@/api/errorText";
import { projectQuery, useMe } from "@/api/queries";
import { Button, buttonClass } from "@/ui/Button";
import { Link } from "@/ui/Link";
import { Message } from "@/ui/Message";

import { useDesk } from "./desk/useDesk";
import { DeskPage } from "./DeskPage";
import type { Me, Project } from "./server";
import { useTab } from "./useTab";

// For what a closed desk left unsent: the frame asks for it with the desk's own file.
export { outboxOf } from "./outbox/pageOutbox";

/** /projects/:id/annotate. `language`: the switch of languages, which the frame owns. */
export default function AnnotatePage({ language }: { language: ReactNode }) {
  const { t } = useTranslation("annotate");
  const app = useTranslation("app").t;
  const text = useErrorText();
  const me = useMe();
  const id = Number(useParams().id);
  const project = useQuery({
    ...projectQuery(id),
    // The desk lives as long as the page; a changed project is seen on the next visit.
    staleTime: Infinity,
    gcTime: 0,
  });
  const home = (
    <Link className={buttonClass()} to="/">
      {app("home")}
    </Link>
  );

  if (project.error) {
    return (
      <Message title={t("failed_title")} text={text(project.error)}>
        {home}
      </Message>
    );
  }
  if (!project.data) return null;
  if (!project.data.roles.includes("annotator")) {
    return (
      <Message title={t("not_yours_title")} text={t("not_yours")}>
        {home}
      </Message>
    );
  }
  return <OneTab key={id} project={project.data} me={me} language={language} />;
}

interface DeskProps {
  project: Project;
  me: Me;
  language: ReactNode;
}

function OneTab(props: DeskProps) {
  const { t } = useTranslation("annotate");
  const [tab, workHere] = useTab(`triptych-desk-${props.me.id}-${props.project.id}`);
  if (tab === "asking") return null;
  if (tab === "elsewhere") {
    return (
      <Message title={t("other_tab.title")} text={t("other_tab.text")}>
        <Button look="primary" onClick={workHere}>
          {t("other_tab.here")}
        </Button>
      </Message>
    );
  }
  return <OpenDesk {...props} />;
}

function OpenDesk({ project, me, language }: DeskProps) {
  const desk = useDesk(project, me);
  return desk && <DeskPage desk={desk} project={project} me={me} language={language} />;
}

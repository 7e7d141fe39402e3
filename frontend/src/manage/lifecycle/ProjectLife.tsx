import { Badge, Button, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";
import { useNavigate } from "react-router";

import { answer, type Schemas, server } from "@/api/client";
import { meQuery, useMe } from "@/api/queries";
import { Confirm } from "@/manage/parts/Confirm";
import { Section } from "@/manage/parts/Section";
import { Failed } from "@/manage/parts/states";
import { projectQuery } from "@/manage/queries";

import { DeleteDialog } from "./DeleteDialog";
import { DuplicateDialog } from "./DuplicateDialog";

type Project = Schemas["Project"];
type Step = "pause" | "resume" | "archive" | "unarchive" | "unarchive_resume";
type Asking = "archive" | "duplicate" | "remove" | null;

/** A project as a whole: whether it gives out work, and what can be done with it. */
export function ProjectLife({ project }: { project: Project }) {
  const { t } = useTranslation("running");
  const me = useMe();
  const navigate = useNavigate();
  const [asking, setAsking] = useState<Asking>(null);
  const go = useStep(project, () => setAsking(null));
  const { state } = project;
  const close = () => setAsking(null);
  const busy = (step: Step) => go.isPending && go.variables === step;
  return (
    <Section title={t("life.title")} actions={<StateOf state={state} />}>
      <Stack gap="sm">
        {state === "active" && (
          <Deed name="pause" busy={go.isPending} onDo={() => go.mutate("pause")} />
        )}
        {state === "paused" && (
          <Deed name="resume" busy={go.isPending} onDo={() => go.mutate("resume")} />
        )}
        {state === "archived" ? (
          <>
            <Deed name="unarchive_resume" busy={busy("unarchive_resume")} onDo={() => go.mutate("unarchive_resume")} />
            <Deed name="unarchive" busy={busy("unarchive")} onDo={() => go.mutate("unarchive")} />
          </>
        ) : (
          <Deed name="archive" onDo={() => setAsking("archive")} />
        )}
        {me.can_create_projects && <Deed name="duplicate" onDo={() => setAsking("duplicate")} />}
        <Deed name="remove" disabled={state === "active"} onDo={() => setAsking("remove")} />
        {go.isError && asking === null && <Failed error={go.error} />}
      </Stack>
      {asking === "archive" && (
        <Confirm
          title={t("life.archive_title", { name: project.name })}
          text={t("life.archive_text")}
          yes={t("life.archive")}
          busy={go.isPending}
          error={go.error}
          onYes={() => go.mutate("archive")}
          onClose={close}
        />
      )}
      {asking === "duplicate" && <DuplicateDialog project={project} onClose={close} />}
      {asking === "remove" && (
        <DeleteDialog
          thing="project"
          id={project.id}
          name={project.name}
          onClose={close}
          onDone={() => void navigate("/")}
        />
      )}
    </Section>
  );
}

function useStep(project: Project, onDone: () => void) {
  const client = useQueryClient();
  const params = { path: { project_id: project.id } };
  const resume = () => answer(server.POST("/projects/{project_id}/resume", { params }));
  const unarchive = () => answer(server.POST("/projects/{project_id}/unarchive", { params }));
  const steps: Record<Step, () => Promise<Project>> = {
    pause: () => answer(server.POST("/projects/{project_id}/pause", { params })),
    resume,
    archive: () => answer(server.POST("/projects/{project_id}/archive", { params })),
    unarchive,
    unarchive_resume: () => unarchive().then(resume),
  };
  return useMutation({
    mutationFn: (step: Step) => steps[step](),
    // Also where the second of two steps failed: the first has happened.
    onError: () => client.invalidateQueries({ queryKey: projectQuery(project.id).queryKey }),
    onSuccess: (saved) => {
      client.setQueryData(projectQuery(project.id).queryKey, saved);
      void client.invalidateQueries({ queryKey: meQuery.queryKey });
      onDone();
    },
  });
}

const COLOURS: Record<Schemas["ProjectState"], string> = {
  active: "green",
  paused: "orange",
  archived: "gray",
  deleting: "red",
};

function StateOf({ state }: { state: Schemas["ProjectState"] }) {
  const { t } = useTranslation("running");
  return (
    <Badge color={COLOURS[state]} fw={600} style={{ flexShrink: 0 }}>
      {t(`states.${state}`)}
    </Badge>
  );
}

interface DeedProps {
  name: Step | "duplicate" | "remove";
  onDo: () => void;
  busy?: boolean;
  disabled?: boolean;
}

function Deed({ name, onDo, busy = false, disabled = false }: DeedProps) {
  const { t } = useTranslation("running");
  return (
    <div>
      <Button
        size="compact-sm"
        variant={name === "resume" || name === "unarchive_resume" ? "filled" : "default"}
        {...(name === "remove" ? { c: disabled ? "dimmed" : "red.9" } : {})}
        loading={busy}
        disabled={disabled}
        onClick={onDo}
      >
        {t(`life.${name}`)}
      </Button>
      <Text size="xs" c="dimmed" mt={2}>
        {t(`life.${name}_help`)}
      </Text>
    </div>
  );
}

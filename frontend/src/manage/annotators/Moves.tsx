import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, server } from "@/api/client";
import { Confirm } from "@/manage/parts/Confirm";
import { Failed } from "@/manage/parts/states";

import { annotatorsQuery, type Standing } from "./queries";

interface Props {
  project: number;
  standing: Standing;
}

/** Pause, resume, remove: each asked about first, but for the way back. */
export function Moves({ project, standing }: Props) {
  const { t } = useTranslation("annotators");
  const [asked, setAsked] = useState<"pause" | "remove" | null>(null);
  const client = useQueryClient();
  const path = { project_id: project, user_id: standing.id };
  const done = async () => {
    setAsked(null);
    await client.invalidateQueries({ queryKey: annotatorsQuery(project).queryKey });
  };
  const resume = useMutation({
    mutationFn: () =>
      server.POST("/projects/{project_id}/annotators/{user_id}/resume", { params: { path } }),
    onSuccess: done,
  });
  const remove = useMutation({
    mutationFn: (membership: number) =>
      server.DELETE("/members/{membership_id}", {
        params: { path: { membership_id: membership } },
      }),
    onSuccess: done,
  });
  const { membership } = standing;
  return (
    <>
      {standing.paused_at !== null ? (
        <Button loading={resume.isPending} onClick={() => resume.mutate()}>
          {t("pause.resume")}
        </Button>
      ) : (
        membership !== null && (
          <Button variant="default" onClick={() => setAsked("pause")}>
            {t("pause.button")}
          </Button>
        )
      )}
      {membership !== null && (
        <Button variant="default" onClick={() => setAsked("remove")}>
          {t("remove.button")}
        </Button>
      )}
      {resume.isError && <Failed error={resume.error} />}
      {asked === "pause" && (
        <PauseDialog
          project={project}
          standing={standing}
          onDone={() => void done()}
          onClose={() => setAsked(null)}
        />
      )}
      {asked === "remove" && membership !== null && (
        <Confirm
          title={t("remove.title", { name: standing.name })}
          text={t("remove.text")}
          yes={t("remove.yes")}
          busy={remove.isPending}
          error={remove.error}
          onYes={() => remove.mutate(membership)}
          onClose={() => {
            setAsked(null);
            remove.reset();
          }}
        />
      )}
    </>
  );
}

interface DialogProps extends Props {
  onDone: () => void;
  onClose: () => void;
}

/** Says what will happen, and takes a word to the person. */
function PauseDialog({ project, standing, onDone, onClose }: DialogProps) {
  const { t } = useTranslation("annotators");
  const cancel = useTranslation("manage").t("cancel");
  const [note, setNote] = useState("");
  const pause = useMutation({
    mutationFn: () =>
      answer(
        server.POST("/projects/{project_id}/annotators/{user_id}/pause", {
          params: { path: { project_id: project, user_id: standing.id } },
          body: { note },
        }),
      ),
    onSuccess: onDone,
  });
  return (
    <Modal opened onClose={onClose} title={t("pause.title", { name: standing.name })} centered>
      <Stack gap="md">
        <Text size="sm">{t("pause.text")}</Text>
        {standing.holding > 0 && (
          <Text size="sm">{t("pause.holds", { count: standing.holding })}</Text>
        )}
        <Textarea
          label={t("pause.note")}
          description={t("pause.note_help")}
          autosize
          minRows={2}
          maxLength={500}
          value={note}
          data-autofocus
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {pause.isError && <Failed error={pause.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {cancel}
          </Button>
          <Button loading={pause.isPending} onClick={() => pause.mutate()}>
            {t("pause.yes")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { Failed, Loading } from "@/manage/parts/states";

import { EffectList } from "./EffectList";
import { OverrideForm } from "./OverrideForm";
import { firstAnswers } from "./ownAnswers";
import { type Answers, type DetailedItem, makeMove, type Move } from "./queries";

interface Props {
  project: Schemas["Project"];
  item: DetailedItem;
  move: Move;
  onClose: () => void;
}

const WITH_REASON: readonly Move["kind"][] = ["reopen", "exclude", "override"];
const SHORTEST_REASON = 3;
/** A preview changes nothing, so what it would be for is not written down. */
const NO_REASON_YET = "not written yet";

/** Says what a move is and what would come of it, asks why, and makes it. */
export function MoveDialog({ project, item, move, onClose }: Props) {
  const { t } = useTranslation("items");
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [answers, setAnswers] = useState<Answers>(() => firstAnswers(item, project.questions));
  const needsReason = WITH_REASON.includes(move.kind);
  const preview = useQuery({
    // Not under the project: what the move outdates is asked again, and this would be refused then.
    queryKey: ["move-preview", item.id, move, move.kind === "override" ? answers : null],
    queryFn: () => makeMove(item.id, move, { preview: true, reason: NO_REASON_YET, answers }),
    placeholderData: (before) => before,
    gcTime: 0,
    staleTime: 0,
    retry: false,
  });
  const make = useMutation({
    mutationFn: () => makeMove(item.id, move, { preview: false, reason, answers }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["project", project.id] });
      onClose();
    },
  });
  const name = move.kind === "reopen" ? move.answer.annotator.name : "";
  const ready = preview.data !== undefined && (!needsReason || reason.trim().length >= SHORTEST_REASON);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(`move.${move.kind}_title`, { name })}
      size={move.kind === "override" ? "lg" : "md"}
      centered
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) make.mutate();
        }}
      >
        <Stack gap="md">
          <Text size="sm">{t(`move.${move.kind}_text`)}</Text>
          {move.kind === "override" && (
            <OverrideForm project={project} item={item} answers={answers} onChange={setAnswers} />
          )}
          {needsReason && (
            <Textarea
              label={t("move.reason")}
              description={t("move.reason_help")}
              value={reason}
              maxLength={2000}
              autosize
              minRows={2}
              data-autofocus
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          )}
          {preview.isPending && <Loading rows={2} />}
          {preview.isError && <Failed error={preview.error} />}
          {preview.data && !preview.isError && <EffectList effect={preview.data} />}
          {make.isError && <Failed error={make.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("move.cancel")}
            </Button>
            <Button
              type="submit"
              loading={make.isPending}
              disabled={!ready}
              {...(move.kind === "exclude" || move.kind === "reopen" ? { color: "red.9" } : {})}
            >
              {t(`move.${move.kind}`)}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

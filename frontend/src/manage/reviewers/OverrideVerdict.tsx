import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { Failed } from "@/manage/parts/states";

import { type Judged, opposite, overrideVerdict } from "./queries";

interface Props {
  project: number;
  judged: Judged;
  onClose: () => void;
}

const SHORTEST_REASON = 3;

/** A lead's verdict in place of a reviewer's, with a reason. */
export function OverrideVerdict({ project, judged, onClose }: Props) {
  const { t } = useTranslation("reviewers");
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const verdict = t(opposite(judged.stands));
  const make = useMutation({
    mutationFn: () => overrideVerdict(judged, reason),
    onSuccess: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: ["project", project] });
    },
  });
  const isReady = reason.trim().length >= SHORTEST_REASON;
  return (
    <Modal opened onClose={onClose} title={t("override_title", { name: judged.name })} centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) make.mutate();
        }}
      >
        <Stack gap="md">
          <Text size="sm">{t("override_text", { verdict })}</Text>
          <Textarea
            label={t("reason")}
            description={t("reason_help")}
            required
            value={reason}
            maxLength={2000}
            autosize
            minRows={2}
            data-autofocus
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {make.isError && <Failed error={make.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={make.isPending} disabled={!isReady}>
              {t("override_yes", { verdict })}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

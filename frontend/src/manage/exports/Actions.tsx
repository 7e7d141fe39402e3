import { Button, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { Confirm } from "@/manage/parts/Confirm";
import { Failed } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";

import styles from "./Actions.module.css";
import { cancelExport, deleteExport, exportsQuery, isPending, retryExport } from "./queries";

interface Props {
  one: Schemas["Export"];
  name: string;
  onAgain: () => void;
}

/** What can be done with an export as it is now. */
export function Actions({ one, name, onAgain }: Props) {
  const { t } = useTranslation("exports");
  const says = useFormat();
  const [asking, { open, close }] = useDisclosure(false);
  const cancel = useChange(one, () => cancelExport(one.id));
  const retry = useChange(one, () => retryExport(one.id));
  const remove = useChange(one, () => deleteExport(one.id));
  const failed = cancel.error ?? retry.error;
  if (isPending(one)) {
    return (
      <div className={styles.actions}>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={t("cancel_name", { name })}
          loading={cancel.isPending}
          onClick={() => cancel.mutate()}
        >
          {t("cancel")}
        </Button>
        {failed && <Failed error={failed} />}
      </div>
    );
  }
  return (
    <div className={styles.actions}>
      <Group gap="xs" justify="flex-end">
        {one.state === "done" && (
          <Button
            size="compact-sm"
            component="a"
            href={`/api/v1/exports/${one.id}/archive`}
            title={t("archive_note", { bytes: says.bytes(one.archive_bytes) })}
            download
          >
            {t("archive")}
          </Button>
        )}
        {one.state === "failed" && (
          <Button size="compact-sm" loading={retry.isPending} onClick={() => retry.mutate()}>
            {t("retry")}
          </Button>
        )}
        <Button size="compact-sm" variant="default" onClick={onAgain}>
          {t("again")}
        </Button>
        <Button
          size="compact-sm"
          variant="subtle"
          color="red.9"
          aria-label={t("delete_name", { name })}
          onClick={open}
        >
          {t("delete")}
        </Button>
      </Group>
      {failed && <Failed error={failed} />}
      {asking && (
        <Confirm
          title={t("delete_title")}
          text={t("delete_text")}
          yes={t("delete")}
          busy={remove.isPending}
          error={remove.error}
          onYes={() => remove.mutate(undefined, { onSuccess: close })}
          onClose={close}
        />
      )}
    </div>
  );
}

/** Asks the server for a change, and for the list anew whatever it says. */
function useChange(one: Schemas["Export"], change: () => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => client.invalidateQueries({ queryKey: exportsQuery(one.project).queryKey }),
  });
}

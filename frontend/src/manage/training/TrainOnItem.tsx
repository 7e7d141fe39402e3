import { Button, Group, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { Failed } from "@/manage/parts/states";

import { dropTrainingItem, putTrainingItem, trainingKey, trainingQuery } from "./queries";

/** On a settled item: takes it into the training set, with what trainees are told about it. */
export function TrainOnItem({ project, item }: { project: number; item: string }) {
  const { t } = useTranslation("training");
  const client = useQueryClient();
  const found = useQuery(trainingQuery(project)).data?.items.find((one) => one.item === item);
  const [written, setWritten] = useState<string | null>(null);
  const onSuccess = async () => {
    setWritten(null);
    await client.invalidateQueries({ queryKey: trainingKey(project) });
  };
  const put = useMutation({ mutationFn: (note: string) => putTrainingItem(item, note), onSuccess });
  const drop = useMutation({ mutationFn: () => dropTrainingItem(item), onSuccess });
  const failed = put.error ?? drop.error;
  return (
    <>
      {written === null ? (
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={() => setWritten(found?.note ?? "")}>
            {t(found ? "item.change" : "item.add")}
          </Button>
          {found && (
            <Button
              size="compact-sm"
              variant="default"
              loading={drop.isPending}
              onClick={() => drop.mutate()}
            >
              {t("item.drop")}
            </Button>
          )}
        </Group>
      ) : (
        <>
          <Textarea
            label={t("item.note")}
            description={t("item.note_help")}
            value={written}
            maxLength={2000}
            autosize
            minRows={2}
            mt="xs"
            onChange={(event) => setWritten(event.currentTarget.value)}
          />
          <Group gap="xs" mt="xs">
            <Button size="compact-sm" loading={put.isPending} onClick={() => put.mutate(written)}>
              {t("item.save")}
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => setWritten(null)}>
              {t("item.cancel")}
            </Button>
          </Group>
        </>
      )}
      {failed && <Failed error={failed} />}
    </>
  );
}

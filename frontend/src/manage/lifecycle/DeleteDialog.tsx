import { Button, Group, List, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, type Schemas, server } from "@/api/client";
import { meQuery } from "@/api/queries";
import { Notice } from "@/manage/parts/Notice";
import { Failed, Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";

import { holdingsQuery, removalsQuery, type Thing } from "./queries";

type Holdings = Schemas["Holdings"];

interface Props {
  thing: Thing;
  id: number;
  name: string;
  onClose: () => void;
  onDone: () => void;
}

/** Says what goes with a project or a batch, and asks for its name where that is much. */
export function DeleteDialog({ thing, id, name, onClose, onDone }: Props) {
  const { t } = useTranslation("running");
  const query = useQuery(holdingsQuery(thing, id));
  return (
    <Modal opened onClose={onClose} title={t(`removal.${thing}_title`, { name })} centered size="md">
      <Loaded query={query} rows={3}>
        {(holdings) => (
          <Stack gap="md">
            <WhatGoes thing={thing} holdings={holdings} />
            <Confirmation {...{ thing, id, name, holdings, onClose, onDone }} />
          </Stack>
        )}
      </Loaded>
    </Modal>
  );
}

function WhatGoes({ thing, holdings }: { thing: Thing; holdings: Holdings }) {
  const { t } = useTranslation("running");
  const format = useFormat();
  const { items, settled, images, answers, verdicts, batches, exports, members, held } = holdings;
  const lines = [
    ...(thing === "project" && batches > 0 ? [t("removal.batches", { count: batches })] : []),
    ...(items > 0
      ? [
          t("removal.items", { count: items }) +
            (settled > 0 ? ` · ${t("removal.settled", { n: format.integer(settled) })}` : ""),
        ]
      : []),
    ...(images > 0
      ? [t("removal.images", { count: images, bytes: format.bytes(holdings.image_bytes) })]
      : []),
    ...(answers > 0 ? [t("removal.answers", { count: answers })] : []),
    ...(verdicts > 0 ? [t("removal.verdicts", { count: verdicts })] : []),
    ...(exports > 0 ? [t("removal.exports", { count: exports })] : []),
    ...(members > 0 ? [t("removal.members", { count: members })] : []),
  ];
  return (
    <>
      <div>
        <Text size="sm">{lines.length > 0 ? t("removal.goes") : t("removal.nothing")}</Text>
        <List size="sm" mt={4} spacing={2}>
          {lines.map((line) => (
            <List.Item key={line}>{line}</List.Item>
          ))}
        </List>
      </div>
      {held > 0 && (
        <Text size="sm" c="red.9" fw={550}>
          {t("removal.held", { count: held })}
        </Text>
      )}
      {thing === "batch" && items > 0 && (
        <Text size="sm" c="dimmed">
          {t("removal.exports_stay")}
        </Text>
      )}
    </>
  );
}

function Confirmation({ thing, id, name, holdings, onClose, onDone }: Props & { holdings: Holdings }) {
  const { t } = useTranslation("running");
  const { t: tManage } = useTranslation("manage");
  const [typed, setTyped] = useState("");
  const remove = useRemove(thing, id, onDone);
  const typing = thing === "project" || holdings.answers > 0;
  const blocked = holdings.in_the_way > 0;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    remove.mutate(typing ? typed : null);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {blocked && <Notice color="orange">{t("removal.in_the_way")}</Notice>}
        {typing && (
          <TextInput
            label={t("removal.type")}
            description={name}
            value={typed}
            autoComplete="off"
            data-autofocus
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
        {remove.isError && <Failed error={remove.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {tManage("cancel")}
          </Button>
          <Button
            type="submit"
            color="red.9"
            loading={remove.isPending}
            disabled={blocked || (typing && typed.trim() !== name.trim())}
          >
            {t("removal.yes")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Deletes it; every list that may name it is asked for anew. */
export function useRemove(thing: Thing, id: number, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string | null) =>
      thing === "project"
        ? answer(
            server.POST("/projects/{project_id}/delete", {
              params: { path: { project_id: id } },
              body: { name: name ?? "" },
            }),
          )
        : answer(
            server.POST("/batches/{batch_id}/delete", {
              params: { path: { batch_id: id } },
              body: { name },
            }),
          ),
    onSuccess: async (removal) => {
      await Promise.all([
        client.invalidateQueries({ queryKey: removalsQuery.queryKey }),
        client.invalidateQueries({ queryKey: meQuery.queryKey }),
        ...(thing === "batch"
          ? [
              client.invalidateQueries({
                queryKey: ["project", removal.project_id],
              }),
            ]
          : []),
      ]);
      onDone();
    },
  });
}

import { Button, Group, Modal, NumberInput, Paper, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { Failed, Loading } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";

import styles from "./ExtraVotesDialog.module.css";
import { askExtraVotes, type ExtraVotes } from "./queries";
import { Width } from "./Width";

interface Props {
  project: number;
  onClose: () => void;
}

const NAMED = 8;
const TYPING_MS = 300;
const AT_FIRST = { count: 20, disagreement: 0.3 };

/** A budget of extra votes for the widest disagreements: which items, then asked in one act. */
export function ExtraVotesDialog({ project, onClose }: Props) {
  const { t } = useTranslation("items");
  const client = useQueryClient();
  const [asked, setAsked] = useState(AT_FIRST);
  const [settled] = useDebouncedValue(asked, TYPING_MS);
  const preview = useQuery({
    // Not under the project: once they are asked, there is nothing to look ahead to.
    queryKey: ["extra-votes-preview", project, settled],
    queryFn: () => askExtraVotes(project, { ...settled, preview: true }),
    placeholderData: (before) => before,
    gcTime: 0,
    staleTime: 0,
  });
  const ask = useMutation({
    mutationFn: () => askExtraVotes(project, { ...asked, preview: false }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["project", project] }),
  });
  const found = preview.data?.items.length ?? 0;
  const current = asked === settled && !preview.isPlaceholderData && !preview.isFetching;
  return (
    <Modal opened onClose={onClose} title={t("extra.title")} size="lg" centered>
      <Stack gap="md">
        <Text size="sm">{t("extra.text")}</Text>
        <Group>
          <NumberInput
            label={t("extra.count")}
            w={180}
            min={1}
            max={1000}
            clampBehavior="strict"
            value={asked.count}
            onChange={(count) => setAsked({ ...asked, count: Number(count) || 1 })}
          />
          <NumberInput
            label={t("extra.least")}
            w={180}
            min={0}
            max={1}
            step={0.1}
            decimalScale={2}
            clampBehavior="strict"
            value={asked.disagreement}
            onChange={(least) => setAsked({ ...asked, disagreement: Number(least) || 0 })}
          />
        </Group>
        {ask.data ? (
          <Text size="sm" role="status" fw={600}>
            {t("extra.done", { count: ask.data.items.length })}
          </Text>
        ) : (
          <>
            {preview.isPending && <Loading rows={3} />}
            {preview.isError && <Failed error={preview.error} />}
            {preview.data && <Chosen votes={preview.data} />}
          </>
        )}
        {ask.isError && <Failed error={ask.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {ask.data ? t("extra.close") : t("move.cancel")}
          </Button>
          {!ask.data && (
            <Button
              loading={ask.isPending}
              disabled={!current || found === 0}
              onClick={() => ask.mutate()}
            >
              {found === 0 ? t("extra.button") : t("extra.yes", { count: found })}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

function Chosen({ votes }: { votes: ExtraVotes }) {
  const { t } = useTranslation("items");
  const format = useFormat();
  const { items, nobody_left: nobody } = votes;
  const first = items[0];
  const last = items.at(-1);
  if (!first || !last) {
    return (
      <Text size="sm">
        {votes.widest === null
          ? t("extra.none_at_all")
          : t("extra.none", { widest: format.fixed(votes.widest, 2) })}
      </Text>
    );
  }
  return (
    <Paper withBorder p="sm" bg="gray.0">
      <Text size="sm" mb={6}>
        <b>{t("extra.would", { count: items.length })}</b>{" "}
        {t("extra.range", {
          least: format.fixed(last.disagreement, 2),
          most: format.fixed(first.disagreement, 2),
        })}
      </Text>
      <ul className={styles.items}>
        {items.slice(0, NAMED).map((item) => (
          <li key={item.id}>
            <Width value={item.disagreement} />
            <span>{item.prompt || t("no_prompt")}</span>
          </li>
        ))}
      </ul>
      {items.length > NAMED && (
        <Text size="xs" c="dimmed" mt={4}>
          {t("extra.more", { count: items.length - NAMED })}
        </Text>
      )}
      {nobody > 0 && (
        <Text size="sm" c="red.9" mt="xs">
          {t("extra.nobody", { count: nobody })}
        </Text>
      )}
    </Paper>
  );
}

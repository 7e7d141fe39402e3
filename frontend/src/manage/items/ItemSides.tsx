import { Button, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "@/api/client";
import { Section } from "@/manage/parts/Section";
import { useFormat } from "@/manage/parts/useFormat";

import { Findings } from "./Findings";
import { History } from "./History";
import styles from "./ItemSides.module.css";
import type { DetailedItem, Move } from "./queries";
import { Width } from "./Width";

interface Props {
  project: Schemas["Project"];
  item: DetailedItem;
  onMove: (move: Move) => void;
}

/** Beside the answers: what can be done, what the item is said to be, and how it came to that. */
export function ItemSides({ project, item, onMove }: Props) {
  const { t } = useTranslation("items");
  return (
    <Stack gap="md">
      <Section title={t("detail.facts")}>
        <Facts item={item} />
        <Moves item={item} onMove={onMove} />
      </Section>
      <Section title={t("detail.consensus")}>
        <Findings project={project} item={item} />
      </Section>
      <Section title={t("detail.places")}>
        <Places item={item} />
      </Section>
      <Section title={t("detail.history")}>
        <History item={item} />
      </Section>
    </Stack>
  );
}

function Facts({ item }: { item: DetailedItem }) {
  const { t } = useTranslation("items");
  const format = useFormat();
  return (
    <>
      <dl className={styles.facts}>
        <Fact name={t("detail.key")}>{item.key}</Fact>
        <Fact name={t("col.batch")}>{item.batch_name}</Fact>
        {item.sampled && <Fact name={t("filter.sampled")}>{t("filter.sampled_yes")}</Fact>}
        {item.consensus && (
          <>
            <Fact name={t("detail.settled_at")}>{format.dateTime(item.consensus.settled_at)}</Fact>
            <Fact name={t("detail.disagreement")}>
              <span title={t("disagreement_help")}>
                <Width value={item.consensus.disagreement} />
              </span>
            </Fact>
          </>
        )}
      </dl>
      {item.excluded && (
        <Text size="sm">
          <b>
            {t("detail.excluded_by", {
              name: item.excluded.by.name,
              at: format.dateTime(item.excluded.at),
            })}
          </b>
          <br />
          {item.excluded.reason}
        </Text>
      )}
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Moves({ item, onMove }: { item: DetailedItem; onMove: (move: Move) => void }) {
  const { t } = useTranslation("items");
  if (item.state === "excluded") {
    return (
      <Group gap="xs">
        <Button size="xs" onClick={() => onMove({ kind: "include" })}>
          {t("move.include")}
        </Button>
      </Group>
    );
  }
  const pending = item.slots.some(
    ({ extra_vote, state }) => extra_vote && (state === "open" || state === "claimed"),
  );
  return (
    <Group gap="xs">
      {item.consensus && (
        <>
          <Button
            size="xs"
            variant="default"
            disabled={pending}
            onClick={() => onMove({ kind: "extra_vote" })}
          >
            {t("move.extra_vote")}
          </Button>
          <Button size="xs" variant="default" onClick={() => onMove({ kind: "override" })}>
            {t("move.override")}
          </Button>
          {item.consensus.overridden && (
            <Button size="xs" variant="default" onClick={() => onMove({ kind: "withdraw_override" })}>
              {t("move.withdraw_override")}
            </Button>
          )}
        </>
      )}
      <Button size="xs" variant="default" c="red.9" onClick={() => onMove({ kind: "exclude" })}>
        {t("move.exclude")}
      </Button>
    </Group>
  );
}

function Places({ item }: { item: DetailedItem }) {
  const { t } = useTranslation("items");
  return (
    <ul className={styles.places}>
      {item.slots.map((slot) => (
        <li key={slot.slot}>
          <span>
            {t("detail.place", { place: slot.slot + 1 })}
            {slot.extra_vote && ` · ${t("detail.extra")}`}
          </span>
          <span className={styles.soft}>
            {slot.annotator?.name ?? t("detail.nobody")} · {t(`slot_state.${slot.state}`)}
          </span>
        </li>
      ))}
    </ul>
  );
}

import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { MakeGold } from "@/manage/gold/MakeGold";
import { TrainOnItem } from "@/manage/training/TrainOnItem";
import { Section } from "@/manage/parts/Section";
import { useFormat } from "@/manage/parts/useFormat";
import { Link } from "@/ui/Link";

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
        <Moves
          project={project}
          item={item}
          onMove={onMove}
          signedOff={item.batch_verdict === "signed_off"}
        />
        {item.consensus && item.state !== "excluded" && (
          <div>
            <MakeGold project={project.id} item={item.id} />
            <TrainOnItem project={project.id} item={item.id} />
          </div>
        )}
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
        {Object.entries(item.meta).map(([key, value]) => (
          <Fact key={key} name={key}>
            {value}
          </Fact>
        ))}
        {item.selection_probability !== null && (
          <>
            <Fact name={t("detail.design")}>
              {t("detail.drawn_by", {
                design: item.design,
                chance: format.percent(item.selection_probability),
              })}
            </Fact>
            <Fact name={t("detail.overlap")}>{format.integer(item.overlap)}</Fact>
          </>
        )}
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

interface MovesProps extends Props {
  signedOff: boolean;
}

function Moves({ project, item, onMove, signedOff }: MovesProps) {
  const pending = item.slots.some(
    ({ extra_vote, state }) => extra_vote && (state === "open" || state === "claimed"),
  );
  return (
    <>
      <Group gap="xs">
        {item.state === "excluded" ? (
          <MoveButton name="include" off={signedOff} onMove={onMove} />
        ) : (
          <>
            {pending && <MoveButton name="call_off" off={signedOff} onMove={onMove} />}
            {item.consensus && (
              <>
                {!pending && <MoveButton name="extra_vote" off={signedOff} onMove={onMove} />}
                <MoveButton name="override" off={signedOff} onMove={onMove} />
                {item.consensus.overridden && (
                  <MoveButton name="withdraw_override" off={signedOff} onMove={onMove} />
                )}
              </>
            )}
            <MoveButton name="exclude" off={signedOff} onMove={onMove} />
          </>
        )}
      </Group>
      <RefusalReason project={project} item={item} signedOff={signedOff} pending={pending} />
    </>
  );
}

interface MoveButtonProps {
  name: Exclude<Move["kind"], "reopen">;
  off: boolean;
  onMove: (move: Move) => void;
}

function MoveButton({ name, off, onMove }: MoveButtonProps) {
  const { t } = useTranslation("items");
  const why = off ? t("move.signed_off") : null;
  return (
    <Button
      size="xs"
      variant={name === "include" ? "filled" : "default"}
      disabled={why !== null}
      {...(why === null ? {} : { title: why })}
      {...(name === "exclude" && why === null ? { c: "red.9" } : {})}
      onClick={() => onMove({ kind: name })}
    >
      {t(`move.${name}`)}
    </Button>
  );
}

/** Under the moves: why some of them can't be made now. */
function RefusalReason({ project, item, signedOff, pending }: Omit<MovesProps, "onMove"> & { pending: boolean }) {
  const { t } = useTranslation("items");
  if (signedOff) {
    return (
      <Text size="xs" c="dimmed">
        {t("move.signed_off")}{" "}
        <Anchor
          component={Link}
          to={`/projects/${project.id}/batches/${item.batch}`}
          inherit
          underline="always"
        >
          {t("move.to_batch", { name: item.batch_name })}
        </Anchor>
      </Text>
    );
  }
  if (!pending || !item.consensus || item.state === "excluded") return null;
  return (
    <Text size="xs" c="dimmed">
      {t("move.pending")}
    </Text>
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

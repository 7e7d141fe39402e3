import { Button, Group, Modal, Stack, Table, Text, Textarea } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, type SyntheticEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { type Reason, useReason } from "@/i18n/reason";
import { Notice } from "@/manage/parts/Notice";
import { Failed, Loaded } from "@/manage/parts/states";

interface Effect {
  refusal: Reason | null;
}

interface Props<T> {
  title: string;
  text: string;
  /** What would happen; none is asked for an act without numbers. */
  preview?: UseQueryResult<T>;
  /** Choices above the numbers. */
  children?: ReactNode;
  rows?: (effect: T) => readonly [string, ReactNode][];
  note?: (effect: T) => ReactNode;
  /** What is to be chosen before anything can be said. */
  notYet?: string | undefined;
  yes: (effect: T | undefined) => string;
  colour?: string;
  /** Whether a reason is asked for, and has to be given. */
  reason: (effect: T | undefined) => "no" | "may" | "must";
  reasonHelp: string;
  busy: boolean;
  error: Error | null;
  onYes: (reason: string) => void;
  onClose: () => void;
}

const SHORTEST = 3;

/** An act of a lead: what would happen, why it can't, and the reason for it. */
export function Act<T extends Effect>(props: Props<T>) {
  const { t } = useTranslation("signoff");
  const [reason, setReason] = useState("");
  const { preview } = props;
  const effect = preview?.data;
  const asked = props.reason(effect);
  const isShort = asked === "must" && reason.trim().length < SHORTEST;
  const isRefused =
    props.notYet !== undefined ||
    (preview !== undefined && (effect === undefined || effect.refusal !== null));
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    props.onYes(reason);
  };
  return (
    <Modal opened onClose={props.onClose} title={props.title} centered size="lg">
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text size="sm">{props.text}</Text>
          {props.children}
          {preview && props.notYet === undefined && (
            <Loaded query={preview} rows={4}>
              {(found) => <Numbers effect={found} rows={props.rows?.(found) ?? []} note={props.note?.(found)} />}
            </Loaded>
          )}
          {props.notYet !== undefined && <Text size="sm">{props.notYet}</Text>}
          {asked !== "no" && !effect?.refusal && (
            <Textarea
              label={t("reason")}
              description={props.reasonHelp}
              required={asked === "must"}
              value={reason}
              maxLength={2000}
              autosize
              minRows={2}
              data-autofocus
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          )}
          {props.error && <Failed error={props.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={props.onClose}>
              {t("cancel")}
            </Button>
            {!effect?.refusal && (
              <Button
                type="submit"
                {...(props.colour === undefined ? {} : { color: props.colour })}
                loading={props.busy}
                disabled={isRefused || isShort}
              >
                {props.yes(effect)}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface NumbersProps {
  effect: Effect;
  rows: readonly [string, ReactNode][];
  note: ReactNode;
}

function Numbers({ effect, rows, note }: NumbersProps) {
  const reason = useReason();
  return (
    <>
      <Table withRowBorders={false} verticalSpacing={2} fz="sm">
        <Table.Tbody>
          {rows.map(([label, value]) => (
            <Table.Tr key={label}>
              <Table.Th fw={400}>{label}</Table.Th>
              <Table.Td ta="right" fw={600}>
                {value}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {effect.refusal && (
        <Notice color="orange" role="alert">
          {reason(effect.refusal)}
        </Notice>
      )}
      {note}
    </>
  );
}

import { Button, Table } from "@mantine/core";
import { Fragment, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useFormat } from "@/manage/parts/useFormat";

import styles from "./GroupTable.module.css";
import { GroupRanking } from "./GroupRanking";
import type { GroupSummary } from "./queries";

const COLUMNS = 7;

export function GroupTable({ groups }: { groups: readonly GroupSummary[] }) {
  const { t } = useTranslation("loop");
  const [open, setOpen] = useState<number | null>(null);
  return (
    <Table.ScrollContainer type="native" minWidth={760}>
      <Table fz="sm" aria-label={t("table")} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("step")}</Table.Th>
            <Table.Th>{t("prompt")}</Table.Th>
            <Table.Th>{t("candidates")}</Table.Th>
            <Table.Th>{t("state")}</Table.Th>
            <Table.Th>{t("votes")}</Table.Th>
            <Table.Th>{t("ends")}</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groups.map((group) => (
            <Fragment key={group.id}>
              <Row
                group={group}
                isOpen={open === group.id}
                onOpen={() => setOpen(open === group.id ? null : group.id)}
              />
              {open === group.id && (
                <Table.Tr>
                  <Table.Td colSpan={COLUMNS}>
                    <GroupRanking id={group.id} />
                  </Table.Td>
                </Table.Tr>
              )}
            </Fragment>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface RowProps {
  group: GroupSummary;
  isOpen: boolean;
  onOpen: () => void;
}

function Row({ group, isOpen, onOpen }: RowProps) {
  const { t } = useTranslation("loop");
  const format = useFormat();
  return (
    <Table.Tr>
      <Table.Td>{group.step ?? ""}</Table.Td>
      <Table.Td className={styles.prompt ?? ""} title={group.prompt}>
        {group.prompt}
      </Table.Td>
      <Table.Td>
        <span className={styles.candidates}>
          {group.images.map(
            (image, number) =>
              image && (
                <img
                  key={number}
                  src={`/api/v1/images/${image}/thumbnail`}
                  alt={t("candidate", { number })}
                  loading="lazy"
                />
              ),
          )}
        </span>
      </Table.Td>
      <Table.Td>{t(`states.${group.state}`)}</Table.Td>
      <Table.Td>
        {format.integer(group.votes)} / {format.integer(group.items * group.most)}
      </Table.Td>
      <Table.Td>{format.dateTime(group.ended_at ?? group.deadline)}</Table.Td>
      <Table.Td>
        <Button size="compact-sm" variant="default" aria-expanded={isOpen} onClick={onOpen}>
          {isOpen ? t("hide") : t("show")}
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}

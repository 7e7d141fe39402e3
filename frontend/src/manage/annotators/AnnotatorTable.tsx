import { Anchor, Badge, Table, Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import { useReason } from "@/i18n/reason";
import { useFormat } from "@/manage/parts/useFormat";
import { Link } from "@/ui/Link";

import styles from "./AnnotatorTable.module.css";
import { Measured } from "./Measured";
import type { Row } from "./rows";

/** One row a person, worst first. */
export function AnnotatorTable({ rows, project }: { rows: readonly Row[]; project: number }) {
  const { t } = useTranslation("annotators");
  return (
    <Table.ScrollContainer type="native" minWidth={1000}>
      <Table className={styles.table ?? ""} verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("column.name")}</Table.Th>
            <Table.Th>{t("column.finding")}</Table.Th>
            <Table.Th ta="right">{t("column.answers")}</Table.Th>
            <Table.Th>{t("column.agreement")}</Table.Th>
            <Table.Th>{t("column.reliability")}</Table.Th>
            <Table.Th>{t("column.reviewers")}</Table.Th>
            <Table.Th>{t("column.left")}</Table.Th>
            <Table.Th ta="right">{t("column.time")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <One key={row.id} row={row} project={project} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function One({ row, project }: { row: Row; project: number }) {
  const none = useTranslation("manage").t("none");
  const format = useFormat();
  const numbers = row.portrait?.numbers;
  return (
    <Table.Tr>
      <Table.Th scope="row" className={styles.name ?? ""}>
        <Anchor component={Link} to={`/projects/${project}/annotators/${row.id}`} fw={600} size="sm">
          {row.name}
        </Anchor>
        <Badges row={row} />
      </Table.Th>
      <Table.Td className={styles.finding ?? ""}>
        <Finding row={row} />
      </Table.Td>
      {numbers ? (
        <>
          <Table.Td ta="right">{format.integer(numbers.answers)}</Table.Td>
          <Table.Td>
            <Measured of={numbers.agreement} reference={0.5} />
          </Table.Td>
          <Table.Td>
            <Measured of={numbers.reliability} reference={0.5} />
          </Table.Td>
          <Table.Td>
            <Measured of={numbers.reviewers} reference={1} />
          </Table.Td>
          <Table.Td>
            <Measured of={numbers.left_share} reference={0.5} />
          </Table.Td>
          <Table.Td ta="right" className={styles.time ?? ""}>
            {numbers.median_ms.value === null ? none : format.duration(numbers.median_ms.value)}
          </Table.Td>
        </>
      ) : (
        <Table.Td colSpan={6} />
      )}
    </Table.Tr>
  );
}

export function Badges({ row }: { row: Row }) {
  const { t } = useTranslation("annotators");
  return (
    <>
      {typeof row.standing?.paused_at === "string" && (
        <Badge size="sm" color="orange" ml={6}>
          {t("paused")}
        </Badge>
      )}
      {(row.standing === null || row.standing.membership === null) && (
        <Badge size="sm" color="gray" ml={6}>
          {t("left_project")}
        </Badge>
      )}
    </>
  );
}

function Finding({ row }: { row: Row }) {
  const { t } = useTranslation("annotators");
  const reason = useReason();
  if (row.portrait === null) {
    return (
      <Text size="sm" c="dimmed">
        {t("no_answers")}
      </Text>
    );
  }
  const [first, ...others] = row.portrait.numbers.findings;
  if (first === undefined) {
    return (
      <Text size="sm" c="dimmed">
        {t("nothing")}
      </Text>
    );
  }
  return (
    <>
      <Text size="sm">{reason(first)}</Text>
      {others.length > 0 && (
        <Text size="xs" c="dimmed">
          {t("more_hints", { count: others.length })}
        </Text>
      )}
    </>
  );
}

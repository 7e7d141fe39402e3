import { Group, Pagination, Select, Table, Text, TextInput } from "@mantine/core";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useFormat } from "@/manage/parts/useFormat";

import { codesOf, matching, type ShownProblem } from "./problemFilter";
import styles from "./ProblemTable.module.css";

const PER_PAGE = 25;

/** Files that were left out, by page, narrowed by words or by what is wrong. */
export function ProblemTable({ problems }: { problems: readonly ShownProblem[] }) {
  const { t } = useTranslation("manage");
  const [words, setWords] = useState("");
  const [code, setCode] = useState("");
  const [page, setPage] = useState(1);
  const found = matching(problems, useDeferredValue(words), code);
  const pages = Math.max(1, Math.ceil(found.length / PER_PAGE));
  const current = Math.min(page, pages);
  const codes = codesOf(problems);
  const narrow = (set: () => void) => {
    set();
    setPage(1);
  };
  return (
    <>
      <Group gap="sm">
        <TextInput
          size="xs"
          w={320}
          aria-label={t("batch.filter")}
          placeholder={t("batch.filter")}
          value={words}
          onChange={(event) => narrow(() => setWords(event.currentTarget.value))}
        />
        {codes.length > 1 && (
          <Select
            size="xs"
            w={320}
            aria-label={t("batch.filter_reason")}
            placeholder={t("batch.filter_reason")}
            clearable
            value={code || null}
            data={codes.map(({ code: value, count, example }) => ({
              value,
              label: `${count} × ${example}`,
            }))}
            onChange={(value) => narrow(() => setCode(value ?? ""))}
          />
        )}
      </Group>
      {found.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("batch.filter_none")}
        </Text>
      ) : (
        <Rows problems={found.slice((current - 1) * PER_PAGE, current * PER_PAGE)} />
      )}
      {pages > 1 && (
        <Group justify="center">
          <Pagination
            size="sm"
            total={pages}
            value={current}
            onChange={setPage}
            getItemProps={(number) => ({ "aria-label": `${t("batch.page")} ${number}` })}
          />
        </Group>
      )}
    </>
  );
}

function Rows({ problems }: { problems: readonly ShownProblem[] }) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  return (
    <Table fz="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={80} ta="right">
            {t("batch.line")}
          </Table.Th>
          <Table.Th w="32%">{t("batch.file")}</Table.Th>
          <Table.Th>{t("batch.reason")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {problems.map((problem, place) => (
          <Table.Tr key={place}>
            <Table.Td ta="right">
              {problem.line === null ? t("none") : format.integer(problem.line)}
            </Table.Td>
            <Table.Td className={styles.long ?? ""}>{problem.file}</Table.Td>
            <Table.Td className={styles.long ?? ""}>{problem.reason}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

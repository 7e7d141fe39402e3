import { Button, Group, Pagination, Table, Text, TextInput } from "@mantine/core";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "@/api/client";
import { csvText } from "@/manage/csv";
import { Section } from "@/manage/parts/Section";
import { saveText } from "@/manage/parts/saveText";
import { useFormat } from "@/manage/parts/useFormat";

import { matching } from "./problemFilter";

const PER_PAGE = 25;

/** Every rejected file of a batch with its reason. */
export function Problems({ batch }: { batch: Schemas["BatchWithProblems"] }) {
  const { t } = useTranslation("manage");
  const { problems } = batch;
  if (problems.length === 0) {
    if (batch.state !== "done") return null;
    return (
      <Section title={t("batch.problems")}>
        <Text size="sm">{t("batch.problems_none")}</Text>
      </Section>
    );
  }
  const download = () => {
    const header = [t("batch.line"), t("batch.file"), t("batch.reason")];
    const rows = problems.map(({ line, file, reason }) => [line, file, reason]);
    saveText(csvText(header, rows), `rejected-${batch.id}.csv`, "text/csv");
  };
  return (
    <Section
      title={`${t("batch.problems")} (${batch.problem_count})`}
      note={t("batch.problems_note")}
      actions={
        <Button variant="default" size="compact-sm" onClick={download}>
          {t("batch.download")}
        </Button>
      }
    >
      {batch.problem_count > problems.length && (
        <Text size="sm" c="dimmed">
          {t("batch.problems_more", { shown: problems.length, count: batch.problem_count })}
        </Text>
      )}
      <ProblemTable problems={problems} />
    </Section>
  );
}

function ProblemTable({ problems }: { problems: readonly Schemas["Problem"][] }) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  const [filter, setFilter] = useState("");
  const [page, setPage] = useState(1);
  const found = matching(problems, useDeferredValue(filter));
  const pages = Math.max(1, Math.ceil(found.length / PER_PAGE));
  const current = Math.min(page, pages);
  const shown = found.slice((current - 1) * PER_PAGE, current * PER_PAGE);
  const search = (text: string) => {
    setFilter(text);
    setPage(1);
  };
  return (
    <>
      <TextInput
        size="xs"
        maw={320}
        aria-label={t("batch.filter")}
        placeholder={t("batch.filter")}
        value={filter}
        onChange={(event) => search(event.currentTarget.value)}
      />
      {found.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("batch.filter_none")}
        </Text>
      ) : (
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
            {shown.map((problem, index) => (
              <Table.Tr key={`${current}-${index}`}>
                <Table.Td ta="right">
                  {problem.line === null ? t("none") : format.integer(problem.line)}
                </Table.Td>
                <Table.Td style={{ overflowWrap: "anywhere" }}>{problem.file}</Table.Td>
                <Table.Td style={{ overflowWrap: "anywhere" }}>{problem.reason}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
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

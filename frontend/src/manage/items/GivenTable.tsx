import { Table } from "@mantine/core";
import type { ReactNode } from "react";

import type { Schemas } from "@/api/client";
import { useQuestionText } from "@/i18n/questionText";
import { type Answered, answerRows } from "@/questions/layers/answers";
import { KINDS } from "@/questions/registry";
import { RowTitle } from "@/questions/RowTitle";
import type { ChecklistRow } from "@/questions/rows";

interface Props<Given extends Answered> {
  project: Schemas["Project"];
  letters: readonly string[];
  checklist: readonly ChecklistRow[];
  given: readonly Given[];
  /** Over a column: whose answer it is. */
  head: (one: Given) => ReactNode;
}

/** Answers beside each other, a column each. */
export function GivenTable<Given extends Answered>(props: Props<Given>) {
  const { project, letters, checklist, given, head } = props;
  const text = useQuestionText(project.template, letters.length);
  return (
    <Table.ScrollContainer type="native" minWidth={160 + 130 * given.length}>
      <Table verticalSpacing={6} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={160} />
            {given.map((one, place) => (
              <Table.Th key={place}>{head(one)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {answerRows(project.questions, given, letters, checklist).map((row) => {
            const { Cell } = KINDS[row.question.type].cell;
            return (
              <Table.Tr key={row.key}>
                <Table.Th scope="row">
                  <RowTitle row={row} text={text} />
                </Table.Th>
                {row.values.map((value, place) => (
                  <Table.Td key={place}>
                    {value === null ? "–" : <Cell value={value} question={row.question} text={text} />}
                  </Table.Td>
                ))}
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

import { Anchor, Badge, Table, Text } from "@mantine/core";
import { useRef } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { useFormat } from "@/manage/parts/useFormat";
import { Link } from "@/ui/Link";

import type { GoldReport, TestedAnnotator } from "./queries";
import { RatioFigure } from "./RatioFigure";
import { RatioPlot } from "./RatioPlot";
import { Share } from "./Share";
import { peopleCsv, stepsCsv } from "./tables";

interface Props {
  project: number;
  people: GoldReport["people"];
  test: GoldReport["test"];
}

/** Who answered known items, worst first: how many rightly, whether the test stopped them. */
export function TestedPeople({ project, people, test }: Props) {
  const { t } = useTranslation("gold");
  const plot = useRef<SVGSVGElement>(null);
  return (
    <Section
      title={t("people.title")}
      note={t("people.note")}
      actions={
        people.length > 0 && (
          <SaveMenu
            title={t("people.title")}
            name={`known-answers-people-${project}`}
            tables={{ csv: () => peopleCsv(people), points: () => stepsCsv(people) }}
            plot={plot}
          />
        )
      }
    >
      {people.length === 0 ? (
        <Text size="sm">{t("people.empty")}</Text>
      ) : (
        <>
          <Table verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("people.name")}</Table.Th>
                <Table.Th>{t("people.state")}</Table.Th>
                <Table.Th>{t("people.passed")}</Table.Th>
                <Table.Th>{t("people.repeated")}</Table.Th>
                <Table.Th w={280}>{t("people.plot")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {people.map((one) => (
                <Table.Tr key={one.id}>
                  <Table.Td>
                    <Anchor component={Link} to={`/projects/${project}/annotators/${one.id}`} size="sm">
                      {one.name}
                    </Anchor>
                  </Table.Td>
                  <Table.Td>
                    <State of={one} />
                  </Table.Td>
                  <Table.Td>
                    <Share of={one.passed} reference={0.5} />
                  </Table.Td>
                  <Table.Td>
                    <Share of={one.repeated} reference={0.5} />
                  </Table.Td>
                  <Table.Td>
                    <RatioPlot steps={one.steps} test={test} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <RatioFigure ref={plot} people={people} test={test} />
        </>
      )}
    </Section>
  );
}

export function State({ of }: { of: TestedAnnotator }) {
  const { t } = useTranslation("gold");
  const format = useFormat();
  const state = of.stopped > 0 ? "stopped" : of.cleared > 0 ? "cleared" : "goes_on";
  const colour = { stopped: "red.9", cleared: "teal.9", goes_on: "gray" }[state];
  return (
    <>
      <Badge color={colour}>
        {t(`people.${state}`)}
      </Badge>
      {of.last_stop_at !== null && of.last_consequence !== null && (
        <Text size="xs" c="dimmed">
          {t("people.since", {
            what: t(`people.done.${of.last_consequence}`),
            at: format.dateTime(of.last_stop_at),
          })}
        </Text>
      )}
    </>
  );
}

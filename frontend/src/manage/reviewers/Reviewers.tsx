import { Group, SimpleGrid, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { ForestFigure } from "@/manage/charts/ForestFigure";
import { Interval } from "@/manage/charts/Interval";
import { ends } from "@/manage/charts/scale";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";

import { Disagreements } from "./Disagreements";
import { type Agreement, reviewersQuery } from "./queries";
import { alikeCsv, disagreementsCsv } from "./tables";

const VERDICTS = ["accept", "reject"] as const;

/** How alike two reviewers judge the same answers, and where a lead is to decide. */
export function Reviewers({ project }: { project: Schemas["Project"] }) {
  const { t } = useTranslation("reviewers");
  const format = useFormat();
  const query = useQuery(reviewersQuery(project.id));
  const share = format.percent(project.second_share, 1);
  const plot = useRef<SVGSVGElement>(null);
  return (
    <Section
      title={t("title")}
      note={t("note", { share })}
      actions={
        query.data &&
        query.data.judged > 0 && (
          <SaveMenu
            title={t("title")}
            name={`reviewers-${project.id}`}
            tables={{
              csv: () => alikeCsv(query.data),
              ...(query.data.disagreements.length > 0
                ? { disagreements: () => disagreementsCsv(query.data) }
                : {}),
            }}
            plot={plot}
          />
        )
      }
    >
      <Loaded query={query} rows={2}>
        {(found) => (
          <>
            <Found found={found} project={project.id} />
            <ForestFigure
              ref={plot}
              rows={[
                { name: t("agree"), value: found.agreement, interval: ends(found.interval) },
                { name: "AC1", value: found.ac1.value, interval: ends(found.ac1.interval) },
              ]}
              label={`${t("agree")}, AC1`}
              write={(value) => format.fixed(value, 2)}
              reference={0}
              scale={[-1, 1]}
            />
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Found({ found, project }: { found: Agreement; project: number }) {
  const { t } = useTranslation("reviewers");
  const format = useFormat();
  const counts = {
    reviewed: format.integer(found.reviewed),
    drawn: format.integer(found.drawn),
    judged: format.integer(found.judged),
  };
  if (found.judged === 0) {
    return (
      <Text size="sm">{found.share === 0 ? t("off") : t("none", counts)}</Text>
    );
  }
  return (
    <Stack gap="md">
      <Text size="sm">{t("counts", counts)}</Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Stack gap="xs">
          <Number
            label={t("agree")}
            value={found.agreement}
            shown={format.percent(found.agreement ?? 0)}
            interval={found.interval}
            from={0}
          />
          <Number
            label={t("ac1")}
            value={found.ac1.value}
            shown={(found.ac1.value ?? 0).toFixed(2)}
            interval={found.ac1.interval}
            from={-1}
          />
        </Stack>
        <Pairs found={found} />
      </SimpleGrid>
      <Disagreements found={found} project={project} />
    </Stack>
  );
}

interface NumberProps {
  label: string;
  value: number | null;
  shown: string;
  interval: readonly number[] | null;
  from: number;
}

function Number({ label, value, shown, interval, from }: NumberProps) {
  const { t } = useTranslation("reviewers");
  if (value === null) return null;
  const [low = 0, high = 1] = interval ?? [];
  const ends = from === 0 ? `${Math.round(low * 100)}–${Math.round(high * 100)} %` : `${low.toFixed(2)} … ${high.toFixed(2)}`;
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Group gap="sm">
        <Text fw={650}>{shown}</Text>
        <Interval value={value} interval={interval && [low, high]} from={from} to={1} reference={from} />
        {interval && (
          <Text size="xs" c="dimmed">
            {t("interval", { ends })}
          </Text>
        )}
      </Group>
    </div>
  );
}

/** How often which first verdict met which second one. */
function Pairs({ found }: { found: Agreement }) {
  const { t } = useTranslation("reviewers");
  const format = useFormat();
  const count = (first: string, second: string) =>
    found.pairs.find((one) => one.first === first && one.second === second)?.count ?? 0;
  return (
    <Table withTableBorder fz="sm" w="auto">
      <Table.Thead>
        <Table.Tr>
          <Table.Th />
          {VERDICTS.map((second) => (
            <Table.Th key={second} ta="right">
              {t("second")}: {t(second)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {VERDICTS.map((first) => (
          <Table.Tr key={first}>
            <Table.Th scope="row">
              {t("first")}: {t(first)}
            </Table.Th>
            {VERDICTS.map((second) => (
              <Table.Td key={second} ta="right">
                {format.integer(count(first, second))}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

import { Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Fragment, type ReactNode, useRef } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useQuestionText } from "@/i18n/questionText";
import { useReason } from "@/i18n/reason";
import { ForestFigure } from "@/manage/charts/ForestFigure";
import { Interval } from "@/manage/charts/Interval";
import { ends } from "@/manage/charts/scale";
import { Counted } from "@/manage/parts/Counted";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { Section } from "@/manage/parts/Section";
import { Loaded } from "@/manage/parts/states";
import { useFormat } from "@/manage/parts/useFormat";
import { agreementCsv } from "@/manage/overview/agreementCsv";
import { ImportedNote } from "@/manage/overview/ImportedNote";
import { agreementQuery } from "@/manage/queries";
import { everAsked } from "@/questions/asked";

type Row = Schemas["QuestionAgreement"];
type Measure = Schemas["FurtherMeasure"];
type Valued = Pick<Schemas["Estimate"], "value" | "interval" | "undefined"> &
  Partial<Pick<Schemas["Estimate"], "no_interval">>;

export function Agreement({ project }: { project: Schemas["Project"] }) {
  const { t } = useTranslation("manage");
  const query = useQuery(agreementQuery(project.id));
  const plot = useRef<SVGSVGElement>(null);
  const format = useFormat();
  const { title } = useQuestionText(project.template);
  const name = (id: string) => {
    const question = everAsked(project).find((one) => one.id === id);
    return question ? title(question) : id;
  };
  return (
    <Section
      title={t("overview.agreement")}
      note={
        <>
          {t("overview.agreement_note")} <Counted answers={query.data?.answers} />
          <ImportedNote imported={query.data?.imported ?? []} />
        </>
      }
      actions={
        query.data && (
          <SaveMenu
            title={t("overview.agreement")}
            name={`agreement-${project.id}`}
            tables={{ csv: () => agreementCsv(query.data.questions) }}
            plot={plot}
          />
        )
      }
    >
      <Loaded query={query} rows={2}>
        {({ questions }) =>
          questions.every((row) => row.n === 0) ? (
            <Text size="sm" c="dimmed">
              {t("overview.agreement_empty")}
            </Text>
          ) : (
            <>
              <AgreementTable rows={questions} project={project} />
              <ForestFigure
                ref={plot}
                rows={questions.map((row) => ({
                  name: name(row.id),
                  value: row.alpha,
                  interval: ends(row.interval),
                }))}
                label={t("overview.alpha")}
                write={(value) => format.fixed(value, 2)}
                reference={0}
              />
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

function AgreementTable({ rows, project }: { rows: readonly Row[]; project: Schemas["Project"] }) {
  const { t } = useTranslation(["manage", "numbers"]);
  const format = useFormat();
  const { title } = useQuestionText(project.template);
  // What the numbers of places are is said once.
  const firstMarked = rows.findIndex((row) => row.places !== null);
  const firstDrawn = rows.findIndex((row) => row.regions !== null);
  const firstBy = new Map(
    rows.flatMap(({ id, further }) => further.map(({ name }) => [name, id] as const)).reverse(),
  );
  const questions = new Map(everAsked(project).map((question) => [question.id, question]));
  return (
    <Table.ScrollContainer type="native" minWidth={560}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("overview.question")}</Table.Th>
            <Table.Th ta="right">{t("overview.alpha")}</Table.Th>
            <Table.Th>{t("overview.interval")}</Table.Th>
            <Table.Th w={150} aria-hidden="true" />
            <Table.Th ta="right">{t("overview.n")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, place) => {
            const question = questions.get(row.id);
            return (
              <Fragment key={row.id}>
                <Table.Tr>
                  <Table.Td>
                    {question ? title(question) : row.id}
                    {row.places !== null && <Aside>{t("numbers:places.marked")}</Aside>}
                    {row.not_applicable !== null && (
                      <Aside>
                        {t("numbers:not_applicable", { share: format.percent(row.not_applicable) })}
                      </Aside>
                    )}
                  </Table.Td>
                  <Value of={{ ...row, value: row.alpha }} />
                  <Table.Td ta="right">{row.n}</Table.Td>
                </Table.Tr>
                <Further of={row} explained={(measure) => firstBy.get(measure) === row.id} />
                {row.places !== null && <Places of={row.places} explained={place === firstMarked} />}
                {row.regions !== null && <Regions of={row.regions} explained={place === firstDrawn} />}
              </Fragment>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** The measures that papers quote beside alpha, unless they are missing for the same reason. */
function Further({ of, explained }: { of: Row; explained: (measure: Measure["name"]) => boolean }) {
  const { t } = useTranslation("numbers");
  const told = of.further.filter(
    ({ estimate }) => !estimate.undefined || estimate.undefined.code !== of.undefined?.code,
  );
  return told.map(({ name, estimate }) => (
    <MeasureRow
      key={name}
      name={t(`measures.${name}`)}
      note={explained(name) ? t(`measures.${name}_note`) : null}
      of={estimate}
    />
  ));
}

/** Whether marks lie in the same places, beside whether there are any. */
function Places({ of, explained }: { of: Schemas["MarkedPlaces"]; explained: boolean }) {
  const { t } = useTranslation("numbers");
  const rows = [
    { name: t("places.corrected"), note: t("places.corrected_note"), estimate: of.corrected },
    { name: t("places.loo_cc"), note: t("places.loo_cc_note"), estimate: of.loo_cc },
  ];
  return rows.map(({ name, note, estimate }) => (
    <MeasureRow
      key={name}
      name={name}
      note={explained ? (of.sampled ? `${note} ${t("places.sampled")}` : note) : null}
      of={estimate}
    />
  ));
}

/** Whether regions lie in the same places, whatever their flaws. */
function Regions({ of, explained }: { of: Schemas["DrawnRegions"]; explained: boolean }) {
  const { t } = useTranslation("numbers");
  return (["iou", "corrected"] as const).map((name) => {
    const note = t(`regions.${name}_note`);
    return (
      <MeasureRow
        key={name}
        name={t(`regions.${name}`)}
        note={explained ? (of.sampled ? `${note} ${t("places.sampled")}` : note) : null}
        of={of[name]}
      />
    );
  });
}

/** A measure under its question's row. */
function MeasureRow({
  name,
  note,
  of,
}: {
  name: string;
  note: string | null;
  of: Schemas["Estimate"];
}) {
  return (
    <Table.Tr>
      <Table.Td pl="xl">
        {name}
        {note !== null && <Aside>{note}</Aside>}
      </Table.Td>
      <Value of={of} />
      <Table.Td ta="right">{of.n}</Table.Td>
    </Table.Tr>
  );
}

function Aside({ children }: { children: ReactNode }) {
  return (
    <Text size="xs" c="dimmed">
      {children}
    </Text>
  );
}

function Value({ of }: { of: Valued }) {
  const { t } = useTranslation("manage");
  const reason = useReason();
  const format = useFormat();
  if (of.value === null) {
    return (
      <Table.Td colSpan={3} c="dimmed" fz="sm">
        {of.undefined ? reason(of.undefined) : t("overview.undefined")}
      </Table.Td>
    );
  }
  const interval = ends(of.interval);
  return (
    <>
      <Table.Td ta="right" fw={600}>
        {format.fixed(of.value, 2)}
      </Table.Td>
      <Table.Td
        style={{ whiteSpace: "nowrap" }}
        title={of.no_interval ? reason(of.no_interval) : undefined}
      >
        {interval === null
          ? t("none")
          : `${format.fixed(interval[0], 2)} … ${format.fixed(interval[1], 2)}`}
      </Table.Td>
      <Table.Td>
        <Interval value={of.value} interval={interval} from={-0.25} to={1} reference={0} />
      </Table.Td>
    </>
  );
}

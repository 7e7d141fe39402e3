import { Table, Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import { useReason } from "@/i18n/reason";
import { Interval } from "@/manage/charts/Interval";
import { ends } from "@/manage/charts/scale";
import { useFormat } from "@/manage/parts/useFormat";

import type { Estimate, Numbers } from "./queries";

type Name =
  | "agreement"
  | "skill"
  | "reliability"
  | "reviewers"
  | "left_share"
  | "straight_lines"
  | "halo"
  | "circles"
  | "most_given"
  | "self_consistency"
  | "rating_bias"
  | "rating_spread"
  | "median_ms"
  | "rushed";

type Unit = "share" | "number" | "time";

interface Line {
  name: Name;
  unit: Unit;
  /** Both ends of the scale that it is drawn on, and chance; not drawn without. */
  scale?: readonly [number, number, number];
}

const LINES: readonly Line[] = [
  { name: "agreement", unit: "share", scale: [0, 1, 0.5] },
  { name: "skill", unit: "number", scale: [-1, 1, 0] },
  { name: "reliability", unit: "share", scale: [0, 1, 0.5] },
  { name: "reviewers", unit: "share", scale: [0, 1, 1] },
  { name: "left_share", unit: "share", scale: [0, 1, 0.5] },
  { name: "straight_lines", unit: "share", scale: [0, 1, 0] },
  { name: "halo", unit: "number", scale: [-1, 1, 0] },
  { name: "circles", unit: "share", scale: [0, 1, 0.25] },
  { name: "most_given", unit: "share", scale: [0, 1, 0] },
  { name: "self_consistency", unit: "share", scale: [0, 1, 0.5] },
  { name: "rating_bias", unit: "number" },
  { name: "rating_spread", unit: "number" },
  { name: "median_ms", unit: "time" },
  { name: "rushed", unit: "share", scale: [0, 1, 0] },
];

/** Numbers that a project's questions may not give; the others say why they are missing. */
const OF_SOME_QUESTIONS: ReadonlySet<Name> = new Set([
  "left_share",
  "straight_lines",
  "halo",
  "circles",
  "most_given",
  "rating_bias",
  "rating_spread",
]);

function isAsked(name: Name, numbers: Numbers): boolean {
  return !OF_SOME_QUESTIONS.has(name) || numbers[name].value !== null;
}

/** Every number of a person with n and interval, or why there is none. */
export function NumberTable({ numbers }: { numbers: Numbers }) {
  const { t } = useTranslation("annotators");
  const format = useFormat();
  const p = (value: number | null) => (value === null ? "–" : format.measured(value));
  const beside = {
    p: p(numbers.left_p),
    bits: p(numbers.entropy_bits.value),
    z: p(numbers.speed_z),
  };
  return (
    <Table.ScrollContainer type="native" minWidth={640}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("measure")}</Table.Th>
            <Table.Th ta="right">{t("value")}</Table.Th>
            <Table.Th>{t("interval")}</Table.Th>
            <Table.Th w={150} aria-hidden="true" />
            <Table.Th ta="right">n</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {LINES.filter(({ name }) => isAsked(name, numbers)).map((line) => (
            <One
              key={line.name}
              line={line}
              of={numbers[line.name]}
              help={t(`number.${line.name}_help`, beside)}
            />
          ))}
          {numbers.left_share.n > 0 && (
            <Table.Tr>
              <Called
                title={t("number.run")}
                help={t("number.run_help", { p: p(numbers.longest_run_p) })}
              />
              <Table.Td ta="right" fw={600}>
                {numbers.longest_run}
              </Table.Td>
              <Table.Td />
              <Table.Td />
              <Table.Td ta="right">{format.integer(numbers.left_share.n)}</Table.Td>
            </Table.Tr>
          )}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Called({ title, help }: { title: string; help: string }) {
  return (
    <Table.Th scope="row" fw={400}>
      <Text size="sm">{title}</Text>
      <Text size="xs" c="dimmed">
        {help}
      </Text>
    </Table.Th>
  );
}

function One({ line, of, help }: { line: Line; of: Estimate; help: string }) {
  const { t } = useTranslation("annotators");
  const reason = useReason();
  const show = useShown(line.unit);
  const format = useFormat();
  const range = ends(of.interval);
  if (of.value === null) {
    return (
      <Table.Tr>
        <Called title={t(`number.${line.name}`)} help={help} />
        <Table.Td colSpan={3} c="dimmed">
          {of.undefined ? reason(of.undefined) : ""}
        </Table.Td>
        <Table.Td ta="right">{format.integer(of.n)}</Table.Td>
      </Table.Tr>
    );
  }
  return (
    <Table.Tr>
      <Called title={t(`number.${line.name}`)} help={help} />
      <Table.Td ta="right" fw={600}>
        {show(of.value)}
      </Table.Td>
      <Table.Td>
        {range && t("range", { low: show(range[0]), high: show(range[1]) })}
      </Table.Td>
      <Table.Td>
        {line.scale && (
          <Interval
            value={of.value}
            interval={range}
            from={line.scale[0]}
            to={line.scale[1]}
            reference={line.scale[2]}
          />
        )}
      </Table.Td>
      <Table.Td ta="right">{format.integer(of.n)}</Table.Td>
    </Table.Tr>
  );
}

function useShown(unit: Unit): (value: number) => string {
  const format = useFormat();
  if (unit === "share") return (value) => format.percent(value);
  if (unit === "time") return format.duration;
  return (value) => format.fixed(value, 2);
}

import { List, Stack, Text } from "@mantine/core";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useReason } from "@/i18n/reason";
import { useQuestionTitles } from "@/manage/exports/useQuestionTitles";
import { useFormat } from "@/manage/parts/useFormat";

import type { Rounds } from "./queries";

// Nothing is certain; and a share of random draws tells no more than this.
const SUREST = 0.999;

/** The stop rule in words, question by question, what it may take yet, and what is under way. */
export function FirstPlaces({ report }: { report: Rounds }) {
  const { t } = useTranslation("rounds");
  const reason = useReason();
  const title = useQuestionTitles();
  const format = useFormat();
  const more = (first: Schemas["First"]) => {
    if (first.settled) return t("settled");
    if (first.more_items === null) return t("far");
    return t("more", {
      items: format.integer(first.more_items),
      votes: format.integer(first.answers.likely ?? 0),
    });
  };
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        {t("first_title")}
      </Text>
      {report.first.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("none_yet")}
        </Text>
      )}
      <List size="sm" spacing={2}>
        {report.first.map((first) => (
          <List.Item key={first.question}>
            {t("first", {
              question: title(first.question),
              generator: first.generator,
              probability:
                first.probability > SUREST ? `> ${format.percent(SUREST, 1)}` : format.percent(first.probability),
              more: more(first),
            })}
            {!first.settled && <Foretold first={first} there={report.left + report.open} />}
          </List.Item>
        ))}
      </List>
      {report.pace.reason && report.first.some((first) => !first.settled) && (
        <Text size="xs" c="dimmed">
          {reason(report.pace.reason)}
        </Text>
      )}
      {report.open > 0 && (
        <Text size="xs" c="dimmed">
          {t("budget", {
            share: format.percent(report.open / report.planned),
            open: format.integer(report.open),
            planned: format.integer(report.planned),
          })}
        </Text>
      )}
    </Stack>
  );
}

interface ForetoldProps {
  first: Schemas["First"];
  /** Pairs that are open or can be drawn yet. */
  there: number;
}

/** How few and how many pairs, hours and days it may take, and whether there are so many. */
function Foretold({ first, there }: ForetoldProps) {
  const { t } = useTranslation("rounds");
  const reason = useReason();
  const format = useFormat();
  const { more, hours, finish } = first;
  const parts: string[] = [];
  if (more.fewest === null) parts.push(t("range_beyond"));
  else if (more.most === null) parts.push(t("range_from", { from: format.integer(more.fewest) }));
  else parts.push(t("range", { from: format.integer(more.fewest), to: format.integer(more.most) }));
  if (hours && hours.fewest !== null) {
    const [from, to] = [hours.fewest, hours.most].map((each) => format.fixed(each ?? 0, (each ?? 0) < 10 ? 1 : 0));
    parts.push(hours.most === null ? t("hours_from", { from }) : t("hours", { from, to }));
  }
  if (finish?.reason) parts.push(t("no_day", { reason: reason(finish.reason) }));
  if (finish?.earliest && finish.latest)
    parts.push(t("days", { from: format.day(finish.earliest), to: format.day(finish.latest) }));
  if ((more.likely ?? more.fewest ?? Infinity) > there)
    parts.push(t("pool_short", { count: there, pairs: format.integer(there) }));
  return (
    <Text size="xs" c="dimmed">
      {parts.join(" ")}
    </Text>
  );
}

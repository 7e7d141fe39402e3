import { useTranslation } from "@/i18n/useTranslation";

import { Button } from "@/ui/desk/Button";
import { digit, keys } from "@/ui/desk/commands";

import { Faint } from "./Cell";
import styles from "./Checklist.module.css";
import {
  type AskedItem,
  type CellProps,
  type Change,
  type Here,
  type KindCommand,
  type KindOf,
  notAllEqual,
  type RowProps,
} from "./kind";
import { Hint } from "./Options";
import { QuestionFrame } from "./QuestionFrame";
import {
  askedPlaces,
  type ChecklistRow,
  nextOpenRow,
  type RowAnswers,
  type RowAnswer,
  skippedBy,
  withoutSkipped,
} from "./rows";

interface Answer {
  readonly rows: RowAnswers;
}

type Action =
  /** Of the row that the keys are about, or of another by its place. */
  | { readonly type: "say"; readonly given: RowAnswer; readonly place?: number }
  | { readonly type: "move"; readonly to: number };

/** The place of the row that the keys are about; null: the first that is open. */
interface AtRow {
  readonly at: number | null;
}

type Known = Here<Answer, AtRow>;
type Props = RowProps<Answer, Action, AtRow>;

const NOWHERE: AtRow = { at: null };
const ROW_ANSWERS: readonly RowAnswer[] = ["yes", "no", "unsure"];
const CODES: Readonly<Record<RowAnswer, string>> = { yes: "KeyY", no: "KeyN", unsure: "KeyU" };

function rowsIn({ assignment }: AskedItem): readonly ChecklistRow[] {
  return assignment.item.checklist;
}

/** Where the keys are; a row that is skipped meanwhile is not asked any more. */
function placeOf({ item, answer, cursor }: Known): number {
  const rows = rowsIn(item);
  const given = answer?.rows ?? {};
  const at = cursor?.at ?? null;
  if (at !== null && askedPlaces(rows, given).includes(at)) return at;
  return nextOpenRow(rows, given, at ?? 0) ?? 0;
}

function isWhole(rows: readonly ChecklistRow[], given: RowAnswers): boolean {
  return rows.length > 0 && nextOpenRow(rows, given, 0) === null;
}

function step(here: Known, action: Action): Change<Answer, AtRow> | null {
  const rows = rowsIn(here.item);
  if (action.type === "move") return rows[action.to] ? { cursor: { at: action.to } } : null;
  const place = action.place ?? placeOf(here);
  const row = rows[place];
  const before = here.answer?.rows ?? {};
  if (!row || skippedBy(rows, before).has(row.id)) return null;
  const given = withoutSkipped(rows, { ...before, [row.id]: action.given });
  const answer = { rows: given };
  const asked = askedPlaces(rows, given);
  const after = asked.find((one) => one > place);
  // Who changes one of many answers looks at the next one; else the last open one ends it.
  if (isWhole(rows, given) && (after === undefined || !isWhole(rows, before))) {
    return { answer, cursor: NOWHERE, completes: true };
  }
  return { answer, cursor: { at: nextOpenRow(rows, given, place) ?? after ?? place } };
}

/** At either end the arrows are free to go to another question. */
function commands(here: Known): readonly KindCommand<Action>[] {
  const asked = askedPlaces(rowsIn(here.item), here.answer?.rows ?? {});
  const at = placeOf(here);
  const above = asked.filter((place) => place < at).at(-1);
  const below = asked.find((place) => place > at);
  const move = (name: "previous_row" | "next_row", code: string, to: number | undefined) =>
    to === undefined
      ? []
      : [{ name, group: "move", keys: keys(code), event: { type: "move", to }, repeats: true } as const];
  return [
    ...ROW_ANSWERS.map(
      (given, index): KindCommand<Action> => ({
        name: `row_${given}`,
        group: "answer",
        keys: [...keys(CODES[given]), ...digit(index + 1)],
        event: { type: "say", given },
      }),
    ),
    ...move("previous_row", "ArrowUp", above),
    ...move("next_row", "ArrowDown", below),
  ];
}

/** The rows, each with its three answers; the keys are about one of them. */
function Row(props: Props) {
  const { t } = useTranslation("questions");
  const { item, answer, focused } = props;
  const rows = rowsIn(item);
  const given = answer?.rows ?? {};
  const skipped = skippedBy(rows, given);
  const at = focused ? placeOf(props) : -1;
  const count = Object.keys(given).length;
  return (
    <QuestionFrame {...props} summary={`${count} / ${rows.length - skipped.size}`}>
      {rows.length === 0 && <Hint>{t("kinds.checklist.no_rows")}</Hint>}
      <ol className={styles.rows}>
        {rows.map((row, place) => (
          <li
            key={row.id}
            className={styles.row}
            data-skipped={skipped.has(row.id) || undefined}
            aria-current={place === at ? "step" : undefined}
            ref={place === at ? intoView : null}
          >
            <Words row={row} gate={skipped.get(row.id)} given={given} />
            {!skipped.has(row.id) && (
              <Answers {...props} row={row} place={place} here={place === at} given={given[row.id]} />
            )}
          </li>
        ))}
      </ol>
    </QuestionFrame>
  );
}

function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}

interface WordsProps {
  row: ChecklistRow;
  gate: ChecklistRow | undefined;
  given: RowAnswers;
}

/** What is asked, and of a skipped row why it isn't. */
function Words({ row, gate, given }: WordsProps) {
  const { t } = useTranslation("questions");
  return (
    <div className={styles.words}>
      <span>{row.text}</span>
      {row.kind !== "" && <span className={styles.skill}>{row.kind}</span>}
      {gate && (
        <span className={styles.why}>
          {given[gate.id] === "no"
            ? t("kinds.checklist.skipped_by_no", { row: gate.text })
            : t("kinds.checklist.skipped_with", { row: gate.text })}
        </span>
      )}
    </div>
  );
}

interface AnswersProps extends Omit<Props, "answer"> {
  row: ChecklistRow;
  place: number;
  /** The keys are about it. */
  here: boolean;
  given: RowAnswer | undefined;
}

function Answers({ row, place, here, given, item, act }: AnswersProps) {
  const { t } = useTranslation("questions");
  return (
    <div className={styles.answers} role="group" aria-label={row.text}>
      {ROW_ANSWERS.map((one) => (
        <Button
          key={one}
          {...(here ? { command: `row_${one}` } : {})}
          chosen={given === one}
          disabled={!item.armed}
          onClick={() => act({ type: "say", given: one, place })}
        >
          {t(`kinds.checklist.${one}`)}
        </Button>
      ))}
    </div>
  );
}

type Told = RowAnswer | "skipped";

function Cell({ value }: CellProps<Told>) {
  const { t } = useTranslation("questions");
  const words = t(`kinds.checklist.cell.${value}`);
  return value === "yes" ? words : <Faint>{words}</Faint>;
}

/** The rows that came with the item: yes, no or not sure, and what a "no" skips. */
export const checklist: KindOf<Answer, Action, AtRow> = {
  kind: "checklist",
  onePress: true,
  isDone: ({ item, answer }) => answer !== null && isWhole(rowsIn(item), answer.rows),
  step,
  letGo: (cursor) => (cursor.at === null ? cursor : NOWHERE),
  commands,
  Row,
  hint: (t) => t("kinds.checklist.hint"),
  missing: (t) => t("kinds.checklist.missing"),
  cell: {
    byRow: true,
    value: ({ rows }, id, checklist = []): Told | null =>
      rows[id] ?? (skippedBy(checklist, rows).has(id) ? "skipped" : null),
    differs: (values) => notAllEqual(values.filter((value) => value !== "skipped")),
    Cell,
  },
};

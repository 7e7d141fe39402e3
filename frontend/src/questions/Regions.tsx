import { type CSSProperties, useEffect } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { Button } from "@/ui/desk/Button";
import { digit, keys } from "@/ui/desk/commands";

import { Faint } from "./Cell";
import { type CellOf, type CellProps, type KindCommand, type KindOf, lettersOf, optionOf, type RowProps } from "./kind";
import { isTree, under } from "./optionTree";
import { QuestionFrame } from "./QuestionFrame";
import {
  confirm,
  cursorOf,
  cycled,
  type Grip,
  isDone,
  isSame,
  letGo,
  nextFlaw,
  refsOf,
  type Region,
  regionAt,
  type RegionsAction,
  type RegionsAnswer,
  type RegionsCursor,
  type RegionsHere,
  selectedOf,
  step,
  type Tool,
  TOOLS,
} from "./regions";
import styles from "./Regions.module.css";
import { show } from "./regionsLive";
import { onImage } from "./regionsOnImage";
import { colourOfFlaw } from "./RegionShape";

type Props = RowProps<RegionsAnswer, RegionsAction, RegionsCursor>;
type Command = KindCommand<RegionsAction>;

const TOOL_KEYS: Readonly<Record<Tool, string>> = { box: "KeyB", brush: "KeyF", lasso: "KeyA", erase: "KeyR" };
const MOST_KEYS = 9;

const ALWAYS: readonly Command[] = [
  { name: "no_flaw", group: "answer", keys: keys("KeyE"), event: { type: "none" } },
  ...TOOLS.map(
    (tool): Command => ({
      name: `tool_${tool}`,
      group: "place",
      keys: keys(TOOL_KEYS[tool]),
      event: { type: "tool", tool },
    }),
  ),
  { name: "brush_smaller", group: "place", keys: keys("BracketLeft"), event: { type: "size", by: -1 }, repeats: true },
  { name: "brush_larger", group: "place", keys: keys("BracketRight"), event: { type: "size", by: 1 }, repeats: true },
  { name: "new_region", group: "place", keys: keys("KeyN"), event: { type: "select", region: null, sought: false } },
  { name: "remove_region", group: "place", keys: keys("Delete", "KeyD"), event: { type: "remove" } },
  { name: "region_crosshair", group: "place", keys: keys("KeyC"), event: { type: "crosshair" } },
  {
    name: "hide_regions",
    group: "look",
    keys: keys("KeyY"),
    event: { type: "hide", held: true },
    release: { type: "hide", held: false },
  },
];

const ARROWS = [
  ["left", "ArrowLeft", -1, 0],
  ["right", "ArrowRight", 1, 0],
  ["up", "ArrowUp", 0, -1],
  ["down", "ArrowDown", 0, 1],
] as const;

/** The arrows steer the crosshair while there is one, else they walk the tree of flaws. */
function arrows({ question, item }: RegionsHere): readonly Command[] {
  if (cursorOf(item).crosshair) {
    return ARROWS.flatMap(([name, code, dx, dy]) =>
      [false, true].map(
        (far): Command => ({
          name: far ? `far_${name}` : name,
          group: "place",
          keys: [{ code, shift: far }],
          event: { type: "arrow", dx, dy, far },
          repeats: true,
        }),
      ),
    );
  }
  if (!isTree(question.options)) return [];
  return [
    { name: "level_out", group: "answer", keys: keys("ArrowLeft"), event: { type: "level", into: false } },
    { name: "level_in", group: "answer", keys: keys("ArrowRight"), event: { type: "level", into: true } },
  ];
}

/** Tab goes round the regions while there is a further one; past the last it is the page's again. */
function cycling({ item }: RegionsHere): readonly Command[] {
  return ([1, -1] as const)
    .filter((by) => cycled(item, by) !== null)
    .map((by) => ({
      name: by === 1 ? "next_region" : "previous_region",
      group: "place",
      keys: [{ code: "Tab", shift: by === -1 }],
      event: { type: "cycle", by },
    }));
}

function commands(here: RegionsHere): readonly Command[] {
  const { question, item } = here;
  const flaws = under(question.options, cursorOf(item).level)
    .slice(0, MOST_KEYS)
    .map(
      ({ id }, place): Command => ({
        name: "region_flaw",
        group: "answer",
        keys: digit(place + 1),
        event: { type: "flaw", flaw: id },
        value: place + 1,
      }),
    );
  return [...flaws, ...ALWAYS, ...arrows(here), ...cycling(here)];
}

function Row(props: Props) {
  const { t } = useTranslation("regions");
  const { question, item, answer, focused, text, act } = props;
  const count = Object.values(answer?.regions ?? {}).flat().length;
  useGrip(props);
  const open = lettersOf(item).some((letter) => (answer?.regions[letter] ?? []).length === 0);
  return (
    <QuestionFrame {...props} summary={count > 0 ? t("count", { count }) : undefined}>
      {focused && <Tools {...props} />}
      {focused && <Flaws {...props} />}
      {count > 0 && <List {...props} />}
      <div className={styles.actions}>
        {open && (
          <Button
            {...(focused ? { command: "no_flaw" } : {})}
            chosen={count === 0 && answer !== null}
            disabled={!item.armed}
            onClick={() => act({ type: "none" })}
          >
            {t("no_flaw")}
            <span className="visually-hidden">: {text.title(question)}</span>
          </Button>
        )}
      </div>
      {focused && <Hint {...props} />}
    </QuestionFrame>
  );
}

let grip: Grip | null = null;

/** The tool and its size stay in the hand from item to item. */
function useGrip({ item, act }: Props): void {
  useEffect(() => {
    const { tool, radius } = cursorOf(item);
    if (item.cursors.regions !== undefined) grip = { tool, radius };
    else if (grip) act({ type: "take", ...grip });
  }, [item, act]);
}

function Tools({ item, act }: Props) {
  const { t } = useTranslation("regions");
  const { tool, radius } = cursorOf(item);
  const percent = Math.round(radius * 200 * 10) / 10;
  const dot = Math.max(3, Math.min(26, radius * 2 * 120));
  return (
    <div className={styles.tools} role="group" aria-label={t("tools")}>
      {TOOLS.map((one) => (
        <Button key={one} command={`tool_${one}`} chosen={tool === one} onClick={() => act({ type: "tool", tool: one })}>
          {t(`tool.${one}`)}
        </Button>
      ))}
      <span className={styles.size}>
        <Button command="brush_smaller" look="quiet" aria-label={t("smaller")} onClick={() => act({ type: "size", by: -1 })}>
          −
        </Button>
        <span className={styles.dotBox} role="img" aria-label={t("size", { percent })} title={t("size", { percent })}>
          <i className={styles.dot} style={{ width: dot, height: dot }} />
        </span>
        <Button command="brush_larger" look="quiet" aria-label={t("larger")} onClick={() => act({ type: "size", by: 1 })}>
          +
        </Button>
      </span>
    </div>
  );
}

/** The flaws as a tree: one is that of the chosen region, else of what is drawn next. */
function Flaws(props: Props) {
  const { t } = useTranslation("regions");
  const { question, item } = props;
  const selected = selectedOf(item);
  const mine = selected?.question === question.id ? regionAt(item, selected) : undefined;
  if (question.options.length === 1) return null;
  return (
    <>
      {mine?.flaw === "" && (
        <p className={styles.which} role="status">
          {t("which")}
        </p>
      )}
      <div role="group" aria-label={t("flaws")}>
        <Level {...props} parent="" flaw={mine?.flaw ?? nextFlaw(question, cursorOf(item))} />
      </div>
    </>
  );
}

function Level(props: Props & { parent: string; flaw: string }) {
  const { question, item, parent, flaw, text, act } = props;
  const { level } = cursorOf(item);
  return (
    <ul className={parent === "" ? styles.tree : undefined}>
      {under(question.options, parent).map((option, place) => {
        const { id } = option;
        const children = under(question.options, id).length > 0;
        return (
          <li key={id} className={children ? styles.group : undefined} data-level={level === id || undefined}>
            <Button
              {...(level === parent && place < MOST_KEYS ? { command: "region_flaw", value: place + 1 } : {})}
              chosen={flaw === id}
              disabled={!item.armed}
              onClick={() => act({ type: "flaw", flaw: id })}
            >
              <i className={styles.swatch} style={swatch(colourOfFlaw(question, id))} />
              {text.flag(option)}
            </Button>
            {children && <Level {...props} parent={id} />}
          </li>
        );
      })}
    </ul>
  );
}

function swatch(colour: string): CSSProperties {
  return { "--flaw": colour } as CSSProperties;
}

/** The regions one by one: a press chooses one and brings it into sight. */
function List({ question, item, answer, focused, text, act }: Props) {
  const { t } = useTranslation("regions");
  const { order } = item.assignment.shown;
  const selected = selectedOf(item);
  return (
    <ol className={styles.list} aria-label={t("list")}>
      {refsOf(question.id, answer?.regions ?? {}, item).map((ref, index) => {
        const flaw = regionAt(item, ref)?.flaw ?? "";
        const name = flaw === "" ? t("unsaid") : text.flag(optionOf(question, flaw));
        const values = { number: index + 1, place: order.indexOf(ref.letter) + 1, flaw: name };
        const chosen = selected !== null && isSame(selected, ref);
        const point = (at: boolean) => () => show({ pointed: at ? ref : null });
        return (
          <li key={`${ref.letter}-${ref.index}`} onPointerEnter={point(true)} onPointerLeave={point(false)}>
            <Button
              chosen={chosen}
              aria-label={order.length > 1 ? t("one_on", values) : t("one", values)}
              onFocus={point(true)}
              onBlur={point(false)}
              onClick={() => act({ type: "select", region: chosen ? null : ref, sought: true })}
            >
              <i className={styles.swatch} style={swatch(colourOfFlaw(question, flaw))} />
              {index + 1} {name}
            </Button>
          </li>
        );
      })}
      {selected?.question === question.id && (
        <>
          <li>
            <Button
              look="quiet"
              {...(focused ? { command: "remove_region" } : {})}
              onClick={() => {
                show({ pointed: null });
                act({ type: "remove" });
              }}
            >
              {t("remove")}
            </Button>
          </li>
          <li>
            <Button
              look="quiet"
              {...(focused ? { command: "new_region" } : {})}
              onClick={() => act({ type: "select", region: null, sought: false })}
            >
              {t("another")}
            </Button>
          </li>
        </>
      )}
    </ol>
  );
}

/** What the tool in the hand does. */
function Hint({ item }: Props) {
  const { t } = useTranslation("regions");
  const { tool, crosshair } = cursorOf(item);
  const now = crosshair ? (crosshair.corner ? "corner" : "crosshair") : (tool ?? "off");
  return (
    <p className={styles.hint}>
      {t(`hint.${now}`)} {selectedOf(item) && !crosshair ? t("chosen_hint") : ""} {t("keys_hint")}
    </p>
  );
}

/** The flaws of an image's regions. */
type Value = readonly string[];

function Cell({ value, question, text }: CellProps<Value>) {
  const { t } = useTranslation("regions");
  if (value.length === 0) return <Faint>{t("cell_none")}</Faint>;
  const flaws = [...new Set(value)].map((id) => text.flag(optionOf(question, id)));
  return t("listed", { regions: t("count", { count: value.length }), flaws: flaws.join(", ") });
}

function isNone(flaws: Value): boolean {
  return flaws.length === 0;
}

function regionsIn({ regions: all }: RegionsAnswer, letter: string): readonly Region[] {
  return all[letter] ?? [];
}

/** Areas where an image is flawed, each with its flaw. */
export const regions: KindOf<RegionsAnswer, RegionsAction, RegionsCursor> = {
  kind: "regions",
  isDone,
  step,
  confirm,
  letGo,
  commands,
  Row,
  onImage,
  chosenPlace: selectedOf,
  cell: {
    byImage: true,
    value: ({ regions: all }, letter) => all[letter]?.map(({ flaw }) => flaw) ?? null,
    differs: (values) => values.some(isNone) && !values.every(isNone),
    Cell,
  } satisfies CellOf<RegionsAnswer, Value>,
  regions: regionsIn,
};

import { Group, Text, UnstyledButton } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { useReason } from "@/i18n/reason";
import { csvText } from "@/manage/csv";
import { SaveMenu } from "@/manage/parts/SaveMenu";
import { useFormat } from "@/manage/parts/useFormat";

import { Inspector } from "./Inspector";
import { type MarkStyle, marksOf } from "./marks";
import styles from "./Scatter.module.css";
import { generatorOf, placed, planeOf } from "./plane";
import { Plot } from "./Plot";
import { PointDialog } from "./PointDialog";
import { PointList } from "./PointList";
import { isCrowded, spread } from "./spread";

interface Props {
  points: Schemas["MetricPoints"];
  /** What people's number is, in the reader's language. */
  people: string;
}

const HEIGHT = 340;
/** Room for the axes, and for the last tick's words. */
const SIDES = 78;

/** What people said against what the metric said, a point an image or a pair. */
export function Scatter({ points, people }: Props) {
  const { t } = useTranslation(["metrics", "numbers"]);
  const format = useFormat();
  const reason = useReason();
  const { ref, width } = useElementSize();
  const plot = useRef<SVGSVGElement>(null);
  const [hidden, setHidden] = useState<readonly string[]>([]);
  const [active, setActive] = useState<number | null>(null);
  const [open, setOpen] = useState<number | null>(null);
  const { results } = points;
  const marks = useMemo(() => marksOf(results.map(generatorOf)), [results]);
  const plane = useMemo(
    () => planeOf(results, Math.max(160, width - SIDES), HEIGHT),
    [results, width],
  );
  const all = useMemo(() => {
    const exact = placed(results, plane);
    return isCrowded(exact) ? spread(exact) : exact;
  }, [results, plane]);
  const shown = useMemo(
    () => all.filter(({ point }) => !hidden.includes(generatorOf(point))),
    [all, hidden],
  );
  if (results.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {points.empty ? reason(points.empty) : t("scatter.empty")}
      </Text>
    );
  }
  const toggle = (name: string) => {
    setActive(null);
    setHidden(hidden.includes(name) ? hidden.filter((one) => one !== name) : [...hidden, name]);
  };
  const pairs = points.human_unit === "pair";
  const words = {
    x: pairs ? t("scatter.x_pair", { metric: points.x }) : points.x,
    y: people,
  };
  const activePoint = active === null ? undefined : results[active];
  const openPoint = open === null ? undefined : results[open];
  return (
    <div>
      <Group justify="flex-end" mb={4}>
        <SaveMenu
          title={`${words.x}, ${words.y}`}
          name={`${points.x}-${points.y}`}
          tables={{ points: () => pointsCsv(points) }}
          plot={plot}
        />
      </Group>
      <div className={styles.scatter}>
        <div ref={ref} className={styles.plotBox}>
          {width > 0 && (
            <Plot
              ref={plot}
              plane={plane}
              points={shown}
              marks={marks}
              words={words}
              zero={pairs}
              active={active}
              onActive={setActive}
              onOpen={setOpen}
            />
          )}
        </div>
        <div className={styles.side}>
          <GeneratorLegend marks={marks} hidden={hidden} pairs={pairs} onToggle={toggle} />
          <Inspector point={activePoint} words={words} />
        </div>
      </div>
      <Text size="xs" c="dimmed" mt={6}>
        {points.drawn < points.total
          ? t("scatter.sampled", {
              drawn: format.integer(points.drawn),
              total: format.integer(points.total),
            })
          : t("scatter.all", { count: points.total })}{" "}
        {isCrowded(all) && `${t("scatter.spread")} `}
        {results.some((point) => point.infinite) && `${t("numbers:infinite_drawn")} `}
        {t("scatter.hint")}
      </Text>
      <PointList points={shown} words={words} onOpen={setOpen} />
      {openPoint && (
        <PointDialog point={openPoint} words={words} onClose={() => setOpen(null)} />
      )}
    </div>
  );
}

interface LegendProps {
  marks: ReadonlyMap<string, MarkStyle>;
  hidden: readonly string[];
  pairs: boolean;
  onToggle: (generator: string) => void;
}

function GeneratorLegend({ marks, hidden, pairs, onToggle }: LegendProps) {
  const { t } = useTranslation("metrics");
  return (
    <div>
      <Text size="xs" c="dimmed" mb={2}>
        {pairs ? t("scatter.legend_pair") : t("scatter.legend")}
      </Text>
      <ul className={styles.generators}>
        {[...marks].map(([name, { colour, path }]) => (
          <li key={name}>
            <UnstyledButton
              className={styles.generator ?? ""}
              aria-pressed={!hidden.includes(name)}
              onClick={() => onToggle(name)}
            >
              <svg width={14} height={14} viewBox="-7 -7 14 14" aria-hidden="true">
                <path d={path} fill={colour} />
              </svg>
              {name || t("unknown_generator")}
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </div>
  );
}

function pointsCsv({ x, y, results }: Schemas["MetricPoints"]): string {
  return csvText(
    ["item", "prompt", "images", "generators", x, y],
    results.map((point) => [
      point.item,
      point.prompt,
      point.images.map(({ id }) => id).join(" "),
      point.images.map(({ generator }) => generator).join(" / "),
      point.infinite ? `${point.x < 0 ? "-" : ""}inf` : point.x,
      point.y,
    ]),
  );
}

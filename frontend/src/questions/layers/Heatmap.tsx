import { useEffect, useMemo, useRef } from "react";

import type { View } from "@/image/geometry";
import {
  consensusHeatmap,
  type Grid,
  heatmapPixels,
  heatmapSize,
  type Rgb,
  spreadHeatmap,
} from "@/image/heatmap";
import type { Question } from "@/questions/kind";

import { marksOf } from "./answers";
import styles from "./Heatmap.module.css";
import type { MarkLayersProps } from "./MarkLayers";

/** How often people marked a place, or how far they differ there, as a map over the image. */
export function Heatmap({
  view,
  letter,
  annotations,
  question,
  ramp,
  spread = false,
}: MarkLayersProps & { question: Question; ramp: readonly Rgb[]; spread?: boolean }) {
  const { width, height } = view.frame.image;
  const grid = useMemo(() => {
    const people = marksOf(question, letter, annotations);
    return people.every((marks) => marks.length === 0)
      ? null
      : (spread ? spreadHeatmap : consensusHeatmap)(people, heatmapSize({ width, height }));
  }, [question, letter, annotations, width, height, spread]);
  return grid && <HeatmapCanvas grid={grid} ramp={ramp} view={view} />;
}

/** A grid of 0..1 as colours over the image. */
export function HeatmapCanvas({
  grid,
  ramp,
  view,
  opacity = 0.85,
}: {
  grid: Grid;
  ramp: readonly Rgb[];
  view: View;
  opacity?: number;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    context?.putImageData(new ImageData(heatmapPixels(grid, ramp, opacity), grid.width, grid.height), 0, 0);
  }, [grid, ramp, opacity]);
  const { width, height } = view.frame.image;
  return (
    <canvas
      ref={canvas}
      className={styles.heatmap}
      width={grid.width}
      height={grid.height}
      style={{
        left: view.left,
        top: view.top,
        width: width * view.scale,
        height: height * view.scale,
      }}
    />
  );
}

/** A plot of the page as a file of its own: SVG that needs no stylesheet, or PNG at twice the size. */

import { saveBlob } from "./saveText";

/** What stylesheets may say of a shape; a file of its own has to say it itself. */
const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap",
  "stroke-opacity", "opacity", "font-family", "font-size", "font-weight",
  "font-variant-numeric", "text-anchor", "dominant-baseline",
] as const; // prettier-ignore

const NAMESPACE = "http://www.w3.org/2000/svg";
const SCALE = 2;
const MARGIN = 12;

/** The plot as it looks now, on white. */
export function svgText(plot: SVGSVGElement, title: string): string {
  const { width, height } = sizeOf(plot);
  const copy = plot.cloneNode(true) as SVGSVGElement;
  inline(plot, copy);
  for (const name of ["class", "style", "tabindex", "role", "aria-hidden", "aria-label"]) {
    copy.removeAttribute(name);
  }
  const frame = document.createElementNS(NAMESPACE, "svg");
  const [outerWidth, outerHeight] = [width + 2 * MARGIN, height + 2 * MARGIN];
  frame.setAttribute("xmlns", NAMESPACE);
  frame.setAttribute("width", String(outerWidth));
  frame.setAttribute("height", String(outerHeight));
  frame.setAttribute("viewBox", `0 0 ${outerWidth} ${outerHeight}`);
  const name = document.createElementNS(NAMESPACE, "title");
  name.textContent = title;
  const paper = document.createElementNS(NAMESPACE, "rect");
  paper.setAttribute("width", "100%");
  paper.setAttribute("height", "100%");
  paper.setAttribute("fill", "#ffffff");
  copy.setAttribute("x", String(MARGIN));
  copy.setAttribute("y", String(MARGIN));
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  frame.append(name, paper, copy);
  return new XMLSerializer().serializeToString(frame);
}

export function saveSvg(plot: SVGSVGElement, name: string, title: string): void {
  saveBlob(new Blob([svgText(plot, title)], { type: "image/svg+xml;charset=utf-8" }), `${name}.svg`);
}

/** False where the browser could not draw it. */
export async function savePng(plot: SVGSVGElement, name: string, title: string): Promise<boolean> {
  const blob = await pngOf(svgText(plot, title));
  if (blob !== null) saveBlob(blob, `${name}.png`);
  return blob !== null;
}

async function pngOf(svg: string): Promise<Blob | null> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml;charset=utf-8" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth * SCALE;
    canvas.height = image.naturalHeight * SCALE;
    const context = canvas.getContext("2d");
    if (context === null) return null;
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob(done, "image/png"));
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function sizeOf(plot: SVGSVGElement): { width: number; height: number } {
  const { width, height } = plot.viewBox.baseVal;
  if (width > 0 && height > 0) return { width, height };
  return { width: plot.width.baseVal.value, height: plot.height.baseVal.value };
}

function inline(from: Element, to: Element): void {
  const computed = getComputedStyle(from);
  for (const name of STYLES) to.setAttribute(name, computed.getPropertyValue(name));
  to.removeAttribute("class");
  Array.from(from.children).forEach((child, index) => {
    const twin = to.children.item(index);
    if (twin) inline(child, twin);
  });
}

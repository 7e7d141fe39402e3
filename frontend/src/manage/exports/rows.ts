/**
 * A row of a preview as a person reads it: its images, what was said of each, its plain fields.
 *
 * Rows come in the layouts of seventeen readers. What is found in them is found by content: a name
 * that holds an image's SHA-256 is that image, the name of a drawn file is that map.
 */

import type { Drawn, ExportPreview, SeenImage, SeenRow } from "@/api/exports";

/** What people said of an image beside its others. */
export type Verdict = "preferred" | "other" | "even" | { rank: number };

export interface RowImage {
  /** The field that names it. */
  field: string;
  /** Null: a map whose image is not known. */
  thumbnail: string | null;
  /** The stored image, where it is known. */
  full: string | null;
  generator: string;
  width: number;
  height: number;
  /** A map or mask to be laid over it. */
  map: string | null;
  verdict: Verdict | null;
}

export interface Fact {
  field: string;
  value: string;
}

export interface ReadRow {
  /** The files in which this very row stands. */
  outputs: string[];
  prompt: string;
  images: RowImage[];
  facts: Fact[];
  json: string;
}

interface Bytes {
  bytes: number;
  sha256: string;
  image?: string;
}

type Row = Record<string, unknown>;

const HASH = /[0-9a-f]{64}/;
const MAP_FIELD = /map|mask/;
/** Names and numbers that mean nothing to a reader of ten rows; the JSON has them. */
const UNSAID = new Set([
  "item", "key", "id", "uid", "sha256", "letter", "letters", "pair", "best_image_uid", "user_id",
  "ranking_id", "image_0_url", "image_1_url", "image_1_uid", "__index_level_0__", "annotation",
  "path", "source_name", "tokens", "filename", "sample", "sample_uid", "width", "height", "npy",
  "image_0_uid",
]); // prettier-ignore

export function readRows(preview: ExportPreview): ReadRow[] {
  const reader = new Reader(preview);
  const read: ReadRow[] = [];
  for (const seen of samplesJoined(preview.rows)) {
    const json = JSON.stringify(seen.row, null, 2);
    const same = read.find((one) => one.json === json);
    if (same) same.outputs.push(seen.output);
    else read.push(reader.read(seen, json));
  }
  return read;
}

/** The file to begin with: the one that maps lie in, if not all do; "" for all of them. */
export function outputToBegin(rows: readonly ReadRow[]): string {
  const withMaps = rows.filter((row) => row.images.some(({ map }) => map !== null));
  return withMaps.length === rows.length ? "" : (withMaps[0]?.outputs[0] ?? "");
}

/** The files that the rows are of, each once. */
export function outputsOf(rows: readonly ReadRow[]): string[] {
  return [...new Set(rows.flatMap((row) => row.outputs))];
}

/** Members of a tar or zip that belong to one sample (one stem) as one row, by their endings. */
function samplesJoined(rows: readonly SeenRow[]): SeenRow[] {
  const joined: SeenRow[] = [];
  const samples = new Map<string, Row>();
  for (const { output, row } of rows) {
    const { name, content } = isRow(row) ? row : {};
    if (typeof name !== "string" || content === undefined) {
      joined.push({ output, row });
      continue;
    }
    const [stem, ending] = split(name);
    const sample = samples.get(`${output} ${stem}`);
    if (sample) {
      sample[ending] = content;
    } else {
      const started: Row = { sample: stem, [ending]: content };
      samples.set(`${output} ${stem}`, started);
      joined.push({ output, row: started });
    }
  }
  return joined;
}

/** A member's name at the first dot of its last part: "ab/cd.0.png" → "ab/cd", "0.png". */
function split(name: string): [string, string] {
  const dot = name.indexOf(".", name.lastIndexOf("/") + 1);
  return dot < 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot + 1)];
}

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Members that hold JSON as what they hold. */
function opened(row: Row): Row {
  const text = row.json;
  if (typeof text !== "string") return row;
  try {
    const held: unknown = JSON.parse(text);
    return isRow(held) ? { ...row, ...held, json: null } : row;
  } catch {
    return row;
  }
}

function isBytes(value: unknown): value is Bytes {
  return isRow(value) && typeof value.bytes === "number" && typeof value.sha256 === "string";
}

class Reader {
  private readonly images: ReadonlyMap<string, SeenImage>;
  private readonly drawn: ReadonlyMap<string, Drawn>;
  /** Images of other rows by the name that this row's `filename` has. */
  private readonly byUid: ReadonlyMap<string, RowImage>;

  constructor(preview: ExportPreview) {
    this.images = new Map(preview.images.map((image) => [image.sha256, image]));
    this.drawn = new Map(preview.drawn.map((one) => [one.name, one]));
    this.byUid = new Map(
      preview.rows.flatMap(({ row }) => {
        if (!isRow(row) || typeof row.image_0_uid !== "string") return [];
        const [first] = this.leaves(row).images;
        return first ? [[row.image_0_uid, first] as const] : [];
      }),
    );
  }

  read({ output, row }: SeenRow, json: string): ReadRow {
    const given = isRow(row) ? opened(row) : { row };
    const { images, maps, facts } = this.leaves(given);
    const base = images.length === 1 ? images[0] : this.linked(given);
    const figures =
      maps.length > 0 ? maps.map((map) => laidOver(named(map, given), base)) : withVerdicts(given, images);
    return { outputs: [output], prompt: promptOf(given), images: figures, facts, json };
  }

  private linked(row: Row): RowImage | undefined {
    if (typeof row.filename !== "string") return undefined;
    const [stem] = split(row.filename);
    return this.byUid.get(stem.slice(stem.lastIndexOf("/") + 1));
  }

  private leaves(row: Row) {
    const images: RowImage[] = [];
    const maps: RowImage[] = [];
    const facts: Fact[] = [];
    const seen = new Set<string>();
    for (const [field, value] of Object.entries(row)) {
      const before = images.length + maps.length;
      for (const leaf of leavesOf(field, value)) {
        const found = this.image(leaf.field, leaf.value);
        if (!found) continue;
        if (found.map !== null) maps.push(found);
        else if (!seen.has(placeOf(leaf.field)) && !seen.has(found.full ?? "")) {
          images.push(found);
          seen.add(placeOf(leaf.field)).add(found.full ?? "");
        }
      }
      const isImage = images.length + maps.length > before || this.names(value);
      if (!isImage && !UNSAID.has(field) && !isPrompt(field)) {
        const said = inWords(value);
        if (said !== "") facts.push({ field, value: said });
      }
    }
    return { images, maps, facts };
  }

  /** Whether the value is an image's name, seen before or not. */
  private names(value: unknown): boolean {
    return typeof value === "string" && (this.drawn.has(value) || this.stored(value) !== undefined);
  }

  private stored(text: string): SeenImage | undefined {
    return this.images.get(HASH.exec(text)?.[0] ?? "");
  }

  private image(field: string, value: unknown): RowImage | null {
    const text = isBytes(value) ? value.sha256 : value;
    if (typeof text !== "string" || field === "best_image_uid") return null;
    const stored = this.stored(text);
    if (stored) return imageOf(field, stored);
    const drawn = isBytes(value) ? value.image : this.drawn.get(text)?.url;
    if (drawn === undefined) return null;
    const isMap = !isBytes(value) || MAP_FIELD.test(field);
    return {
      field,
      thumbnail: isMap ? null : drawn,
      full: null,
      generator: "",
      width: 1,
      height: 1,
      map: isMap ? drawn : null,
      verdict: null,
    };
  }
}

function imageOf(field: string, stored: SeenImage): RowImage {
  const { thumbnail_url: thumbnail, url: full, generator, width, height } = stored;
  return { field, thumbnail, full, generator, width, height, map: null, verdict: null };
}

/** A map of one flaw goes by the flaw's name. */
function named(map: RowImage, row: Row): RowImage {
  return typeof row.flaw === "string" ? { ...map, field: row.flaw } : map;
}

function laidOver(map: RowImage, base: RowImage | undefined): RowImage {
  return base ? { ...base, field: map.field, map: map.map } : map;
}

/** A row's values one by one, those of lists and objects too: images[0], images[1]. */
function* leavesOf(field: string, value: unknown): Generator<{ field: string; value: unknown }> {
  if (Array.isArray(value)) {
    for (const [place, inner] of value.entries()) yield* leavesOf(`${field}[${place}]`, inner);
  } else if (isRow(value) && !isBytes(value)) {
    for (const [name, inner] of Object.entries(value)) {
      yield* leavesOf(isRow(value.bytes) ? field : `${field}.${name}`, inner);
    }
  } else {
    yield { field, value };
  }
}

/** Pick-a-Pic names an image and holds it: image_0_uid and jpg_0 are one place. */
function placeOf(field: string): string {
  const number = /^(?:image_(\d)_uid|jpg_(\d))$/.exec(field);
  return number ? `place ${number[1] ?? number[2] ?? ""}` : field;
}

const isPrompt = (field: string) => field === "prompt" || field === "caption";

function promptOf(row: Row): string {
  if (typeof row.caption === "string") return row.caption;
  if (typeof row.prompt === "string") return row.prompt;
  if (isRow(row.item) && typeof row.item.prompt === "string") return row.item.prompt;
  const message = Array.isArray(row.prompt) ? (row.prompt as unknown[])[0] : undefined;
  return isRow(message) && isMessage(message) ? message.content : "";
}

/** One turn of a conversation. */
function isMessage(value: Row): value is { role: unknown; content: string } {
  return "role" in value && typeof value.content === "string";
}

/** A value in a line; "" for one that says nothing. */
function inWords(value: unknown): string {
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "number") return String(Number(value.toPrecision(4)));
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "true" : "false";
  if (Array.isArray(value)) {
    const parts = value.map(inWords);
    return parts.length > 8 ? `${parts.slice(0, 8).join(", ")} …` : parts.join(", ");
  }
  if (isBytes(value)) return `${value.bytes} B`;
  if (!isRow(value)) return "";
  if (isMessage(value)) return value.content;
  return Object.entries(value)
    .map(([name, inner]) => [name, inWords(inner)])
    .filter(([, said]) => said !== "")
    .map(([name, said]) => `${name} ${said}`)
    .join(" · ");
}

function withVerdicts(row: Row, images: readonly RowImage[]): RowImage[] {
  return images.map((image) => ({ ...image, verdict: verdictOf(row, image.field) }));
}

/** What the row says of the image in this field, in the ways that the readers' layouts have. */
function verdictOf(row: Row, field: string): Verdict | null {
  if (field === "chosen" || field === "path1") return "preferred";
  if (field === "rejected" || field === "path2") return "other";
  const [, list = "", place = ""] = /^(\w+)\[(\d)\]/.exec(field) ?? [];
  const at = (numbers: unknown) => (Array.isArray(numbers) ? (numbers as unknown[])[Number(place)] : null);
  const wins = list === "file_path" ? at(row.human_preference) : null;
  if (typeof wins === "number") return wins === 1 ? "preferred" : "other";
  const rank = at(row.ranking ?? row.rank);
  if (typeof rank === "number") return { rank };
  const number = /^place (\d)$/.exec(placeOf(field))?.[1];
  if (number !== undefined && typeof row.label_0 === "number") {
    const share = number === "0" ? row.label_0 : 1 - row.label_0;
    return share === 0.5 ? "even" : share > 0.5 ? "preferred" : "other";
  }
  return null;
}

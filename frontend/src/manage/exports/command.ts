/** An export as a command line, and code that opens it; pure. */

import type { Export, ExportFormat, OptionValue } from "@/api/exports";

import { changed } from "./options";

/** The command that makes the same export; `format` tells which options are as usual anyway. */
export function commandOf(one: Export, format: ExportFormat | undefined): string {
  const said = format ? changed(format, one.options) : one.options;
  const options = Object.entries(said).map(([name, value]) => `--option ${quoted(name, value)}`);
  const out = `--out ${one.format}-${one.id}`;
  return ["python manage.py export", one.project, `--format ${one.format}`, out, ...options].join(" ");
}

function quoted(name: string, value: OptionValue): string {
  const text = `${name}=${String(value)}`;
  return /^[\w./,=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The first block of code in a README, for the folder as it is called here; null for none. */
export function codeIn(readme: string, folder: string): string | null {
  const found = /^```(?:python|sh|bash)\n([\s\S]*?)\n```$/m.exec(readme)?.[1];
  return found === undefined ? null : found.replaceAll("THIS_FOLDER", folder);
}

/** For formats whose folder has no README with code; {} stands for the folder. */
const SNIPPETS: Record<string, string> = {
  annotations: `import json
for line in open("{}/annotations.jsonl", encoding="utf-8"):
    row = json.loads(line)
    if row["current"] and row["state"] == "accepted":
        print(row["annotator"], row["item"]["prompt"], row["answers"])`,
  preferences: `import json
from PIL import Image
rows = [json.loads(line) for line in open("{}/preferences.jsonl", encoding="utf-8")]
better = Image.open("{}/" + rows[0]["chosen"])
print(rows[0]["prompt"], rows[0]["dimension"], rows[0]["votes"], better.size)`,
  heatmaps: `import json
import numpy as np
rows = [json.loads(line) for line in open("{}/heatmaps.jsonl", encoding="utf-8")]
heatmap = np.load("{}/" + rows[0]["npy"])
print(rows[0]["flaw"], rows[0]["prompt"], heatmap.shape, heatmap.max())`,
  masks: `import json
from PIL import Image
row = json.loads(open("{}/masks.jsonl", encoding="utf-8").readline())
image, mask = Image.open("{}/" + row["image"]), Image.open("{}/" + row["mask"])
# pipeline(prompt=row["prompt"], image=image, mask_image=mask)`,
  richhf: `import tensorflow as tf
for record in tf.data.TFRecordDataset("{}/train.tfrecord"):
    features = tf.train.Example.FromString(record.numpy()).features.feature
    artifacts = tf.io.decode_png(features["artifact_map"].bytes_list.value[0])
    print(features["artifact_score"].float_list.value[0], artifacts.shape)`,
  dsdl: `cd {}
dsdl check -y set-train/train.yaml -c config.py -l local -f image label -p defs -o .`,
  scores: `import pandas
rows = pandas.read_csv("{}/scores.csv")
print(rows.groupby("generator").mean(numeric_only=True).T)`,
};

/** Code for a format that brings none of its own; null for one that nobody knows here. */
export function snippetOf(format: string): string | null {
  return SNIPPETS[format]?.replaceAll("{}", format) ?? null;
}

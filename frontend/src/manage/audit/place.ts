import type { Schemas } from "@/api/client";

type Target = Pick<Schemas["Action"], "target" | "project_id" | "project" | "verb" | "details">;

const GONE = ["batch.deleted", "export.deleted", "reference.deleted"];
/** Where what has no page of its own is shown and changed. */
const BY_NOUN: Readonly<Record<string, string>> = {
  export: "exports",
  extra_votes: "items?order=disagreement",
  invitation: "members",
  key: "exports",
  member: "members",
  metrics: "measurements/choose",
  reference: "measurements/sets",
  reward_head: "reward-model",
};

/** The page of what it was done to, where there is one. */
export function placeOf({ target, project_id: project, project: name, verb, details }: Target): string | null {
  if (project === null || name === null || GONE.includes(verb)) return null;
  const under = `/projects/${project}`;
  const [kind, id] = target.split(":");
  const [noun = ""] = verb.split(".");
  const item = kind === "item" ? id : itemOf(details);
  if (item !== undefined) return `${under}/items?item=${item}`;
  if (kind === "batch" && id !== undefined) return `${under}/batches/${id}`;
  if (noun === "annotator" && id !== undefined) return `${under}/annotators/${id}`;
  const page = BY_NOUN[noun];
  return page === undefined ? null : `${under}/${page}`;
}

/** Of an answer: the item that it is on. */
function itemOf(details: unknown): string | undefined {
  const { item } = (details ?? {}) as { item?: unknown };
  return typeof item === "string" ? item : undefined;
}

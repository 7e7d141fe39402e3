import type { Schemas } from "@/api/client";

type Target = Pick<Schemas["Action"], "target" | "project_id" | "project" | "verb">;

const GONE = ["batch.deleted", "batch.deletion_requested", "export.deleted"];

/** The page of what it was done to, where there is one. */
export function placeOf({ target, project_id: project, project: name, verb }: Target): string | null {
  if (project === null || name === null || GONE.includes(verb)) return null;
  const [kind, id] = target.split(":");
  if (kind === "batch" && id !== undefined) return `/projects/${project}/batches/${id}`;
  if (kind === "export" || verb.startsWith("key.")) return `/projects/${project}/exports`;
  if (kind === "user" || kind === "invitation") return `/projects/${project}/members`;
  return null;
}

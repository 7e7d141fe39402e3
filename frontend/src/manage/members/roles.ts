import type { Schemas } from "@/api/client";

/** In the order in which they are offered. */
export const ROLES: readonly Schemas["Role"][] = ["annotator", "reviewer", "manager"];

/**
 * Holds our names for the server's shapes (types.ts) against the generated schema (schema.d.ts).
 *
 * Nothing here runs: a shape that no longer agrees does not compile. Every field that the pages
 * read has to be there with the type they expect (`Agrees`). Where the schema is looser than the
 * server (open objects, pairs of numbers), the names alone are held against it (`Known`).
 */

import type * as exported from "./exports";
import type * as measured from "./metrics";
import type { components } from "./schema";
import type * as ours from "./types";

type Server = components["schemas"];

/** Every field that we know is one of the server's. */
type Known<Ours, Theirs> = Exclude<keyof Ours, keyof Theirs> extends never ? true : never;

/** What the server sends may be taken for ours. */
type Agrees<Theirs, Ours> = Theirs extends Ours ? true : never;

export type Checks = [
  Agrees<Server["Me"], ours.Me>,
  Agrees<Server["Project"], ours.Project>,
  Agrees<Server["Question"], ours.Question>,
  Agrees<Server["Welcome"], ours.InvitationWelcome>,
  Agrees<Server["Batch"], ours.Batch>,
  Known<exported.Export, Server["Export"]>,
  Agrees<Server["Export"]["progress"], exported.ExportProgress>,
  Agrees<Server["Export"]["state"], exported.ExportState>,
  Known<exported.ExportFormat, Server["ExportFormat"]>,
  Known<exported.ExportOption, Server["ExportOption"]>,
  Known<exported.ExportPreset, Server["ExportPreset"]>,
  Agrees<Server["ExportPreview"], exported.ExportPreview>,
  Agrees<Server["Member"], ours.Member>,
  Agrees<Server["Invitation"], ours.Invitation>,
  Agrees<Server["Token"], ours.Token>,
  Agrees<Server["Metric"], measured.Metric>,
  Known<measured.Measurements, Server["Measurements"]>,
  Agrees<Server["MeasuredRow"]["image"], measured.MeasuredImage["image"]>,
  Known<measured.MeasuredValue, Server["MeasuredValue"]>,
  Agrees<Server["Chosen"], measured.ChosenMetrics>,
  Agrees<Server["Generators"], measured.GeneratorMeans>,
  Agrees<Server["References"], measured.References>,
  Agrees<Server["Sets"], measured.SetMeasurements>,
];

export const agreed: Checks = [
  true, true, true, true, true, true, true, true, true, true,
  true, true, true, true, true, true, true, true, true, true,
  true, true, true,
];

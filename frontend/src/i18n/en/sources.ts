/** Batches whose images lie at sources of the site. */
export const sources = {
  fetching: "Fetching images",
  fetching_note: "{{done}} of {{total}} images fetched. Items are open as soon as theirs are here.",
  fetched_note: "{{done}} of {{total}} images fetched.",
  what: "Or a manifest alone, where the images lie at a source that this site may read:",
};

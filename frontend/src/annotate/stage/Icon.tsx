/** Line drawings on the tools' buttons, 20 by 20. */
const PATHS = {
  plus: "M10 4v12M4 10h12",
  minus: "M4 10h12",
  whole: "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4",
  lens: "M8.5 3a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M12.5 12.5L17 17",
  linked: "M8 6H6a4 4 0 0 0 0 8h2M12 6h2a4 4 0 0 1 0 8h-2M7 10h6",
  unlinked: "M8 6H6a4 4 0 0 0 0 8h2M12 6h2a4 4 0 0 1 0 8h-2M10 2v3M10 15v3",
  swap: "M3 7h12M12 4l3 3l-3 3M17 13H5M8 10l-3 3l3 3",
  flicker: "M11 2L5 11h5l-1 7l6-9h-5z",
  enlarge: "M3 3h5v5H3zM11 3h6v14H3v-6M11 9l-4 4M7 10v3h3",
  difference: "M7.5 5a5 5 0 1 0 0 10a5 5 0 1 0 0-10M12.5 5a5 5 0 1 1 0 10a5 5 0 1 1 0-10",
  surround: "M10 3a7 7 0 1 0 0 14zM10 3a7 7 0 0 1 0 14",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

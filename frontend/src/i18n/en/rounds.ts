/** Rounds: what people look at next, for leads. */
export const rounds = {
  title: "What to look at next",
  note: "Pairs of images that are in the project already, drawn and put to people as a batch of their own.",
  pool: "{{left}} of {{possible}} pairs have not been asked about: {{images}} images of {{generators}} generators, {{prompts}} prompts.",
  empty: "Each pair of images of one prompt and two generators has been asked about.",
  design: "Drawn",
  designs: { uniform: "All pairs alike", adaptive: "Where a vote tells most" },
  design_note: {
    uniform: "Each pair is as likely as any other.",
    adaptive:
      "Pairs that may well stand level and are little known are likelier; each keeps its chance, and win rates are weighed by it.",
  },
  question: "By the answers to",
  items: "Pairs",
  votes_one: "{{count}} answer in all.",
  votes_other: "{{count}} answers in all.",
  draw: "Put them to people",
  first_title: "Is the first place right?",
  first: "{{question}}: {{generator}} is first with {{probability}}; {{more}}.",
  settled: "it is settled, however often you have looked",
  more: "about {{items}} more pairs ({{votes}} answers) may settle it",
  far: "too close to foretell",
  none_yet: "Nothing is settled yet.",
};

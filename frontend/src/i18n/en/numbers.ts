/** What numbers about people are made of, in words: which answers, which sample, how sure. */
export const numbers = {
  which: {
    first: "Counted: first answers, as they came before any review; replacements of rejected ones are not.",
    standing: "Counted: standing answers, replacements of rejected ones too.",
    accepted: "Counted: accepted answers to settled items.",
  },
  qc: {
    note: "Rejected first answers as a share of the reviewed ones, with the 95 % interval: the item is what was drawn, and the batch is finite.",
    effect: "Answers to one item tend to go wrong together: {{effect}} of them tell as much as one alone.",
    replacements_one: "Replacements are no part of the sample: {{count}} reviewed, {{rejected}} rejected ({{rate}}).",
    replacements_other: "Replacements are no part of the sample: {{count}} reviewed, {{rejected}} rejected ({{rate}}).",
  },
};

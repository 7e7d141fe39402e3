/** What numbers about people are made of, in words: which answers, which sample, how sure. */
export const numbers = {
  which: {
    first: "Counted: first answers, as they came before any review; replacements of rejected ones are not.",
    standing: "Counted: standing answers, replacements of rejected ones too.",
    accepted: "Counted: accepted answers to settled items.",
  },
};

/** Groups of candidates that a training loop has people rank. */
export const loop = {
  link: "Groups of a training loop",
  title: "Training loop",
  intro:
    "A training loop hands over the candidates of a prompt and waits. They go to the front of the queue; when people have answered, or the time is up, the loop is told who was put before whom.",
  empty_title: "No training loop has asked yet",
  empty_text: "With the package triptych-client it takes five lines; the token is made in your settings.",
  step: "Step",
  prompt: "Prompt",
  candidates: "Candidates",
  state: "State",
  votes: "Answers",
  ends: "Ends",
  table: "Groups of candidates, the newest first",
  show: "Ranking",
  hide: "Close",
  states: {
    waiting: "waiting",
    whole: "whole",
    partial: "partial",
    expired: "too few answers",
    failed: "can't be shown",
  },
  best_first: "By “{{question}}”, the best first",
  nobody: "Nobody has answered yet.",
  candidate: "Candidate {{number}}",
  strength: "{{value}} ({{low}} to {{high}})",
};

/** An annotator's own answers. */
export const mine = {
  title: "My answers",
  back: "My projects",
  note: "The last 200. Of rejected ones you see why; their places went to somebody else, or came back to you as new items.",
  hidden: "The last 200. This project does not show which of them were rejected.",
  empty: "You have not answered anything here yet.",
  rejected: "Rejected",
  sent_back: "Sent back",
  only_rejected: "Only rejected ones",
  none_rejected: "None of them was rejected.",
};

/** What lies over the desk or beside it when somebody asks for it. */

export { AnsweredElsewhere } from "./dialogs/AnsweredElsewhere";
export { DeskDialogs } from "./dialogs/DeskDialogs";
export { GuidelineChange } from "./learning/GuidelineChange";
export { DeskGuideline } from "./panel/DeskGuideline";

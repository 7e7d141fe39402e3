import type { Outbox } from "@/annotate/outbox/outbox";
import type { AnsweredAssignment, Assignment } from "@/annotate/server";
import type { Answers } from "@/questions/kind";

export interface AnsweredItem {
  readonly assignment: Assignment;
  readonly answers: Answers;
}

/** Answered items kept whole, so that undo needs no network. */
const KEPT = 200;

/** The items that this person has answered here and may still change. */
export class Answered {
  private readonly items = new Map<string, AnsweredItem>();

  constructor(
    private readonly project: number,
    private readonly outbox: Outbox,
    private readonly fetch: (id: string) => Promise<AnsweredAssignment>,
  ) {}

  add(item: AnsweredItem): void {
    const { id } = item.assignment;
    this.items.delete(id);
    this.items.set(id, item);
    for (const old of [...this.items.keys()].slice(0, -KEPT)) this.items.delete(old);
  }

  /** Null when it can't be changed any more. */
  async find(id: string): Promise<AnsweredItem | null> {
    return this.items.get(id) ?? (await this.fetched(id));
  }

  /** What earlier pages on this browser answered here, oldest first. */
  before(now: number): string[] {
    const { sent, waiting } = this.outbox.snapshot();
    const open = sent.filter(({ receipt }) => Date.parse(receipt.revisable_until) > now);
    const mine = [...open.reverse(), ...waiting].filter((one) => one.project === this.project);
    return [...new Set(mine.map(({ assignment }) => assignment))];
  }

  /** An item answered before this page was loaded. */
  private async fetched(id: string): Promise<AnsweredItem | null> {
    const { waiting, refused } = this.outbox.snapshot();
    const local = [...waiting, ...refused].filter(({ assignment }) => assignment === id).at(-1);
    try {
      const assignment = await this.fetch(id);
      const answers = local?.body.answers ?? assignment.answers;
      return answers && { assignment, answers };
    } catch {
      return null;
    }
  }
}

import { describe, expect, it } from "vitest";

import { commandsFor } from "@/annotate/session/commands";
import { Bench, MPS, question, RICHHF } from "@/annotate/testing";
import { stepsOf } from "@/questions/steps";
import { commandAt } from "@/ui/desk/commands";
import { remapped } from "@/ui/desk/keymap";

import { KEY_SETS, type KeySet } from "./keySets";

const RANKED = [
  question("ranking", "ranking"),
  question("flaws", "flags", { options: [{ id: "blurred", title: "", title_zh: "", parent: "" }] }),
  question("overall", "rating"),
];
const SETS = Object.keys(KEY_SETS) as KeySet[];

describe.each(SETS)("the keys of the set %s", (name) => {
  it.each([
    ["a pair", MPS, ["a", "b"]],
    ["one image", RICHHF, ["a"]],
    ["several", RANKED, ["a", "b", "c"]],
  ] as const)("reach every command of %s, at every step", (_what, questions, order) => {
    const { session } = new Bench(questions).open("1", [...order]);
    const { open } = session;
    if (!open) throw new Error("nothing is open");
    for (const focus of stepsOf(open).keys()) {
      const usual = commandsFor({ ...session, open: { ...open, focus } });
      const table = remapped(usual, { set: KEY_SETS[name], own: {} });
      const reachable = table.filter((command) =>
        command.keys.some(
          (key) =>
            commandAt(table, {
              code: key.code, shift: key.shift ?? false, alt: key.alt ?? false, repeat: false, typed: key.typed ?? "",
            }) === command, // prettier-ignore
        ),
      );
      const had = usual.filter((command) => command.keys.length > 0);
      expect(reachable.map((one) => [one.name, one.value])).toEqual(
        had.map((one) => [one.name, one.value]),
      );
    }
  });
});

// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, describe, expect, it } from "vitest";

import { bring } from "@/i18n/texts";

import { Reason } from "./Reason";

function ask(): { rejected: string[]; cancelled: () => number; heard: string[] } {
  const rejected: string[] = [];
  const heard: string[] = [];
  let cancelled = 0;
  render(
    <div onKeyDown={(event) => heard.push(event.key)}>
      <Reason
        name="A2"
        withMarks
        tooShort={false}
        onReject={(reason) => rejected.push(reason)}
        onCancel={() => (cancelled += 1)}
      />
    </div>,
  );
  return { rejected, cancelled: () => cancelled, heard };
}

describe("the question for a reason", () => {
  beforeAll(() => bring("en", "review"));
  afterEach(cleanup);

  it("has the cursor at once, and takes a number as a ready reason", async () => {
    const { rejected } = ask();

    expect(document.activeElement).toBe(screen.getByLabelText("Why is A2 rejected?"));
    await userEvent.keyboard("2");

    expect(rejected).toEqual(["Missed a clear flaw"]);
  });

  it("takes own words with numbers in them, sent by Enter", async () => {
    const { rejected } = ask();

    await userEvent.keyboard("missed 2 fingers{Enter}");

    expect(rejected).toEqual(["missed 2 fingers"]);
  });

  it("keeps its keys from the page, and closes by Escape", async () => {
    const { cancelled, heard } = ask();

    await userEvent.keyboard("a{Escape}");

    expect(cancelled()).toBe(1);
    expect(heard).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";

import { ANYTHING, fileAddress } from "./queries";

describe("the address of the file of who did what", () => {
  it("names what is chosen and nothing else", () => {
    expect(fileAddress(null, ANYTHING, "jsonl")).toBe("/api/v1/audit/file?as=jsonl");
    expect(fileAddress(7, { ...ANYTHING, person: 3, kind: "member.joined" }, "csv")).toBe(
      "/api/v1/projects/7/audit/file?person=3&kind=member.joined&as=csv",
    );
  });
});

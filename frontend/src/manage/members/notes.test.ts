import { describe, expect, it } from "vitest";

import { repeated } from "./notes";

describe("the names of a dozen invitations", () => {
  it("are told once each where they are there twice, in whatever case", () => {
    expect(repeated(["Anna", "Bert", "anna", "ANNA", "Cleo", "Bert"])).toEqual(["Anna", "Bert"]);
    expect(repeated(["Anna", "Bert"])).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";

import { filtersOf, isFiltered, NO_FILTERS, parametersOf } from "./filters";

describe("the filters of the list of items", () => {
  it("come back from the address as they were put there", () => {
    const filters = {
      ...NO_FILTERS,
      search: "red & blue",
      batch: 3,
      sampled: false,
      disagreement: 0,
      metric: "sharpness",
      metricMin: -1.5,
      order: "disagreement" as const,
    };
    const address = new URLSearchParams(parametersOf(filters));
    expect(filtersOf(address)).toEqual(filters);
    expect(isFiltered(filters)).toBe(true);
  });

  it("leave the address empty when they ask for nothing", () => {
    expect(parametersOf(NO_FILTERS)).toEqual({});
    expect(isFiltered({ ...NO_FILTERS, order: "oldest" })).toBe(false);
  });

  it("pass over what is no filter", () => {
    const address = new URLSearchParams("state=lost&batch=x&order=random&sampled=maybe&metric_min=");
    expect(filtersOf(address)).toEqual(NO_FILTERS);
  });

  it("send no bounds without a metric", () => {
    expect(parametersOf({ ...NO_FILTERS, metricMin: 1 })).toEqual({});
  });
});

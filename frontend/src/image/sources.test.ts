import { describe, expect, it } from "vitest";

import { sourceFor, widthInWindow } from "./sources";

const image = {
  url: "/exact",
  sizes: [512, 1024, 1500].map((width) => ({ url: `/${width}`, width, height: width / 2 })),
};

describe("sourceFor", () => {
  it.each([
    [300, 1, "/512"],
    [512, 1, "/512"],
    [513, 1, "/1024"],
    [300, 2, "/1024"],
    [1200, 1, "/1500"],
    [1200, 2, "/1500"],
  ])("has a pixel for each of %d × %d on the screen: %s", (width, ratio, url) => {
    expect(sourceFor(image, width, ratio, 1)).toEqual({ url, exact: false });
  });

  it("is the exact pixels once the image is magnified", () => {
    expect(sourceFor(image, 300, 1, 1.01)).toEqual({ url: "/exact", exact: true });
  });

  it("is the exact pixels of an image without copies", () => {
    expect(sourceFor({ url: "/exact", sizes: [] }, 300, 1, 1)).toEqual({
      url: "/exact",
      exact: true,
    });
  });
});

describe("widthInWindow", () => {
  it.each([
    [1, 768],
    [2, 683],
    [4, 384],
    [9, 256],
  ])("%d square images of a window of 1366 by 768 are %d wide at most", (count, width) => {
    const square = { width: 1024, height: 1024 };

    expect(widthInWindow(square, count, { width: 1366, height: 768 })).toBe(width);
  });
});

/** Looking closely at the images of an item. */
export const look = {
  percent: "{{percent}} %",
  exact: "{{pixels}}:1",
  smoothed: "smoothed",
  pixels: "pixels as they are",
  left: "left",
  right: "right",
  difference_of: "What {{one}} and {{other}} differ in",
  luminance_of: "What {{one}} and {{other}} differ in, brightness only",
  figures: "at most {{largest}} of 255, mean {{mean}}",
  same: "nothing, every pixel is the same",
};

export const lookCommands = {
  zoom_in: "Closer",
  zoom_out: "Further away",
  zoom_whole: "Whole images",
  exact: "{{value}}:1, exact pixels",
  peek: "Look at the pixels under the pointer",
  pan: "Move the zoomed images",
  surround: "Surround: dark, grey, light",
  swap: "Swap the two in one place",
  flicker: "Flicker between the two in one place",
  difference: "Difference: colours, brightness, off",
  gain: "Amplify the difference: ×1, 2, 4, 8",
  link: "Zoom the images together, or each by itself",
  enlarge: "One image in the place of all",
  image_before: "The image before, in the place of all",
  image_after: "The next image, in the place of all",
  compare: "Compare image {{value}} with the last one chosen",
};

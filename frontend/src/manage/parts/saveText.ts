/** Offers text as a file to save; made in the browser, nothing is sent. */
export function saveText(text: string, filename: string, type: string): void {
  saveBlob(new Blob([text], { type: `${type};charset=utf-8` }), filename);
}

export function saveBlob(blob: Blob, filename: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = filename;
  link.click();
  // The browser has taken the bytes by the next turn of its loop.
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}

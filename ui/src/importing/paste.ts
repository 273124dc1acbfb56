/** What a paste holds as a file: a file itself, or a table of cells copied in a spreadsheet; null for anything else. */
export function fileOfPaste(data: DataTransfer | null, name: string): File | null {
  if (!data) return null;
  if (data.files[0]) return data.files[0];
  const text = data.getData("text/plain");
  return isTable(text) ? new File([text], `${name}.tsv`, { type: "text/tab-separated-values" }) : null;
}

/** Whether a text is a header and at least one row. */
export function isTable(text: string): boolean {
  return text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "").length >= 2;
}

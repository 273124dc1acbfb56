/** The first lines of a CSV text (RFC 4180) as fields. */
export function readCsv(text: string, limit: number): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  let field = "";
  let quoted = false;
  const body = text.replace(/^\ufeff/, "");
  const endLine = () => {
    line.push(field);
    lines.push(line);
    line = [];
    field = "";
  };
  for (let at = 0; at < body.length && lines.length < limit; at += 1) {
    const character = body[at] ?? "";
    if (quoted) {
      if (character !== '"') field += character;
      else if (body[at + 1] === '"') {
        field += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === ",") {
      line.push(field);
      field = "";
    } else if (character === "\n") endLine();
    else if (character !== "\r") field += character;
  }
  if (lines.length < limit && (field !== "" || line.length > 0)) endLine();
  return lines;
}

export type Texts = { [name: string]: string | Texts };

/** One object of the files of a language, each under its name: `list.json` holds the texts `list.…`. */
export function gather(files: Record<string, Texts>): Texts {
  return Object.fromEntries(
    Object.entries(files).map(([path, texts]) => [path.replace(/^\.\/(.*)\.json$/, "$1"), texts]),
  );
}

import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { useHotkeys } from "@/app/hotkeys";
import type { Field, ObjectDefinition, Row } from "@/api/types";
import { usePhone } from "@/design/media";

import type { Rows } from "../query";
import { Cards } from "./Cards";
import { Grid } from "./Grid";
import type { Selection } from "./selection";
import { SelectionBar } from "./SelectionBar";

interface Props {
  object: ObjectDefinition;
  fields: Field[];
  result: Rows;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
  selection: Selection;
}

/** The records of an object as a table, on a phone as cards. */
export function MetaList({ object, fields, result, sort, onSort, selection }: Props) {
  const phone = usePhone();
  const navigate = useNavigate();
  const [active, setActive] = useState(-1);
  const { rows } = result;
  const open = (row: Row) => void navigate({ to: "/records/$object/$id", params: { object: object.name, id: row.id } });
  const step = (by: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, active + by));
    setActive(next);
    document.getElementById(`row-${rows[next]?.id ?? ""}`)?.scrollIntoView({ block: "nearest" });
    if (next >= rows.length - 5) result.fetchMore();
  };
  useHotkeys(
    {
      j: () => step(1),
      ArrowDown: (event) => {
        event.preventDefault();
        step(1);
      },
      k: () => step(-1),
      ArrowUp: (event) => {
        event.preventDefault();
        step(-1);
      },
      Enter: (event) => {
        const row = rows[active];
        if (row && event.target === document.body) open(row);
      },
      x: () => {
        const row = rows[active];
        if (row) selection.toggle(row.id);
      },
      Escape: () => {
        selection.clear();
        setActive(-1);
      },
    },
    !phone,
  );
  return (
    <>
      {phone ? (
        <Cards object={object} fields={fields} result={result} onOpen={open} />
      ) : (
        <Grid
          object={object}
          fields={fields}
          result={result}
          sort={sort}
          onSort={onSort}
          selection={selection}
          active={active}
          onOpen={open}
        />
      )}
      {selection.ids.size > 0 ? <SelectionBar object={object} rows={rows} selection={selection} /> : null}
    </>
  );
}

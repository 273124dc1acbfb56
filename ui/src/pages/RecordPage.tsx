import { useQuery } from "@tanstack/react-query";
import { Navigate, useParams } from "@tanstack/react-router";
import { useMemo } from "react";

import { ApiError } from "@/api/client";
import type { ObjectDefinition } from "@/api/types";
import { useCatalog, useObject } from "@/catalog/catalog";
import { BoneLines } from "@/design/Bones";
import { Failure } from "@/design/Failure";
import { usePending } from "@/outbox/use";
import { useRemember } from "@/palette/useRecent";
import { RecordActions } from "@/records/actions/RecordActions";
import { MetaDetail } from "@/records/detail/MetaDetail";
import { recordQuery } from "@/records/query";
import { titleOf } from "@/records/summary";

import { NotFoundPage } from "./NotFoundPage";

/** A record; a review of an audit on the page where it is given. */
export function RecordPage() {
  const { object: name, id } = useParams({ from: "/shell/records/$object/$id" });
  const object = useObject(name);
  const audit = useCatalog().audits.find((one) => one.reviews === name);
  if (audit) return <Navigate to="/audits/$audit/$id" params={{ audit: audit.name, id }} replace />;
  return object?.can.read ? <OneRecord key={id} object={object} id={id} /> : <NotFoundPage />;
}

function OneRecord({ object, id }: { object: ObjectDefinition; id: string }) {
  const { data, error, refetch } = useQuery(recordQuery(object, id));
  const pending = usePending(object.name, id);
  const row = useMemo(() => (data && pending ? { ...data, ...pending } : data), [data, pending]);
  useRemember(object.name, id, row && titleOf(object, row));
  if (row) {
    return (
      <>
        <RecordActions object={object} row={row} />
        <MetaDetail object={object} row={row} />
      </>
    );
  }
  if (!error) return <BoneLines lines={10} />;
  const absent = error instanceof ApiError && (error.status === 404 || error.status === 422);
  return absent ? <NotFoundPage object={object} /> : <Failure error={error} retry={() => void refetch()} />;
}

import { useNavigate } from "@tanstack/react-router";

import type { Notice } from "@/api/types";

import { useMarkRead } from "./notices";

/** Opens what a notification is about, and marks it as read. */
export function useFollow(): (notice: Notice) => void {
  const navigate = useNavigate();
  const read = useMarkRead();
  return (notice) => {
    if (!notice.read_at) read.mutate({ ids: [notice.id] });
    if (notice.object && notice.record) {
      void navigate({ to: "/records/$object/$id", params: { object: notice.object, id: notice.record } });
    }
  };
}

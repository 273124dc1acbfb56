import { useNavigate } from "@tanstack/react-router";
import { Eye, GitMerge, KeyRound, ScanEye, Share2, UserRoundMinus, Waves } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";

import type { ObjectDefinition, Ref, Row } from "@/api/types";
import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { may, mayDo, useCatalog } from "@/catalog/catalog";
import { refsOf } from "@/fields/reference/refs";

const SharePanel = lazy(() => import("./SharePanel").then((module) => ({ default: module.SharePanel })));
const AccessPanel = lazy(() => import("./AccessPanel").then((module) => ({ default: module.AccessPanel })));
const MergePanel = lazy(() => import("./MergePanel").then((module) => ({ default: module.MergePanel })));
const LogInPanel = lazy(() => import("./LogInPanel").then((module) => ({ default: module.LogInPanel })));
const GiveBack = lazy(() => import("@/pools/GiveBack").then((module) => ({ default: module.GiveBack })));
const ViewersPanel = lazy(() => import("./ViewersPanel").then((module) => ({ default: module.ViewersPanel })));

type Panel = "viewers" | "pool" | "share" | "access" | "merge" | "admit";

interface Managing {
  items: { key: string; icon: ReactNode; label: string; onClick: () => void }[];
  panels: ReactNode;
}

/** What a record's menu offers beyond its fields: share it, ask who sees it, merge it with another. */
export function useManaging(object: ObjectDefinition, row: Row): Managing {
  const { t } = useTranslation();
  const { user } = useSession();
  const navigate = useNavigate();
  const [shown, setShown] = useState<Panel | null>(null);
  const [used, setUsed] = useState<readonly string[]>([]);
  const [person, setPerson] = useState<Ref | null>(null);
  const alive = !row.archived_at;
  const sharing = alive && (may(object, "share") || refsOf(row.owner).some((owner) => owner.id === user.id));
  const merging = may(object, "merge") && mayDo(object, row, "update") && mayDo(object, row, "archive");
  const pooled = useCatalog().pools.some((pool) => pool.object === object.name);
  const giving = pooled && mayDo(object, row, "update") && refsOf(row.owner).length > 0;
  const show = (which: Panel, whom: Ref | null = null) => {
    setPerson(whom);
    setUsed((now) => [...now, which]);
    setShown(which);
  };
  const close = () => setShown(null);
  return {
    items: [
      ...(may(object, "admit")
        ? [{ key: "admit", icon: <KeyRound size={15} />, label: t("admitting.menu"), onClick: () => show("admit") }]
        : []),
      ...(sharing
        ? [{ key: "share", icon: <Share2 size={15} />, label: t("share.menu"), onClick: () => show("share") }]
        : []),
      ...(alive && may(object, "hand_over") && row.id !== user.id
        ? [
            {
              key: "leave",
              icon: <UserRoundMinus size={15} />,
              label: t("handover.menu"),
              onClick: () => void navigate({ to: "/handover/$user", params: { user: row.id } }),
            },
          ]
        : []),
      ...(giving
        ? [{ key: "pool", icon: <Waves size={15} />, label: t("pool.menu"), onClick: () => show("pool") }]
        : []),
      ...(object.sensitive.length > 0 && may(object, "view_log")
        ? [{ key: "viewers", icon: <Eye size={15} />, label: t("viewers.menu"), onClick: () => show("viewers") }]
        : []),
      { key: "access", icon: <ScanEye size={15} />, label: t("access.menu"), onClick: () => show("access") },
      ...(merging
        ? [{ key: "merge", icon: <GitMerge size={15} />, label: t("merging.menu"), onClick: () => show("merge") }]
        : []),
    ],
    panels: (
      <Suspense fallback={null}>
        {used.includes("share") ? (
          <SharePanel
            key={person?.id}
            object={object}
            row={row}
            open={shown === "share"}
            person={person}
            onClose={close}
          />
        ) : null}
        {used.includes("access") ? (
          <AccessPanel
            object={object}
            row={row}
            open={shown === "access"}
            onShare={sharing ? (whom) => show("share", whom) : undefined}
            onClose={close}
          />
        ) : null}
        {used.includes("admit") ? (
          <LogInPanel object={object} row={row} open={shown === "admit"} onClose={close} />
        ) : null}
        {used.includes("pool") ? (
          <GiveBack object={object} row={row} open={shown === "pool"} onClose={close} />
        ) : null}
        {used.includes("viewers") ? (
          <ViewersPanel object={object} row={row} open={shown === "viewers"} onClose={close} />
        ) : null}
        {used.includes("merge") ? (
          <MergePanel object={object} row={row} open={shown === "merge"} onClose={close} />
        ) : null}
      </Suspense>
    ),
  };
}

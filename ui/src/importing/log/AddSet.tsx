import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button } from "antd";

import { api } from "@/api/client";
import type { HistorySet } from "@/api/histories";
import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { catalogQuery } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { messageOf } from "@/design/Failure";

/** What a set adds before its logs can come in; published by those who may. */
export function AddSet({ set, onAdded }: { set: HistorySet; onAdded: () => void }) {
  const { t } = useTranslation();
  const say = useLabel();
  const { permissions } = useSession();
  const { message } = App.useApp();
  const client = useQueryClient();
  const add = useMutation({
    mutationFn: () => api.post(`/api/histories/sets/${set.name}`, {}),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: catalogQuery.queryKey });
      onAdded();
    },
    onError: (error) => void message.error(messageOf(error)),
  });
  const able = permissions.includes("publish");
  const listed = (labels: HistorySet["adds"]) => labels.map(say).join(t("filter.comma"));
  return (
    <Alert
      type="info"
      showIcon
      title={t("history.adds", { objects: listed(set.adds) })}
      description={t(able ? "history.addsHint" : "history.addsAsk", { roles: listed(set.roles) })}
      action={
        able ? (
          <Button type="primary" size="small" loading={add.isPending} onClick={() => add.mutate()}>
            {t("history.add")}
          </Button>
        ) : undefined
      }
    />
  );
}

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Tooltip } from "antd";
import { BellPlus, BellRing } from "lucide-react";

import { keys, records } from "@/api/records";
import type { ObjectDefinition, Row } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { messageOf } from "@/design/Failure";
import { usePhone } from "@/design/media";

/** Following a record: being told of its comments and moves. Says who else does. */
export function FollowButton({ object, row }: { object: ObjectDefinition; row: Row }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const phone = usePhone();
  const client = useQueryClient();
  const key = keys.followers(object.name, row.id);
  const { data } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => records.followers(object.name, row.id, signal),
  });
  const following = Boolean(data?.following);
  const names = (data?.items ?? []).map((person) => person.label ?? "").filter(Boolean);
  const toggle = async () => {
    if (data) client.setQueryData(key, { ...data, following: !following });
    try {
      const now = following ? records.unfollow(object.name, row.id) : records.follow(object.name, row.id);
      client.setQueryData(key, await now);
    } catch (error) {
      void message.error(messageOf(error));
      void client.invalidateQueries({ queryKey: key });
    }
  };
  const text = following ? t("record.follow.on") : t("record.follow.start");
  return (
    <Tooltip
      mouseEnterDelay={0.4}
      title={
        names.length > 0
          ? t("record.follow.who", { names: names.slice(0, 8).join(t("filter.comma")), count: names.length })
          : t("record.follow.hint")
      }
    >
      <Button
        aria-pressed={following}
        aria-label={text}
        icon={following ? <BellRing size={15} aria-hidden /> : <BellPlus size={15} aria-hidden />}
        onClick={() => void toggle()}
      >
        {phone ? null : text}
        {!phone && names.length > 0 ? <span className="num">{names.length}</span> : null}
      </Button>
    </Tooltip>
  );
}

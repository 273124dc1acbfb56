import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Alert, Button, Segmented } from "antd";
import { Plus, Send } from "lucide-react";
import { useState } from "react";

import { useSession } from "@/app/session";
import { useTranslation } from "@/app/translation";
import { Bar, Gap } from "@/design/Bar";
import { BoneLines } from "@/design/Bones";
import { Empty } from "@/design/Empty";
import { Failure } from "@/design/Failure";
import { List } from "@/design/List";
import { Page } from "@/design/Page";
import { DeliveryLog } from "@/outlets/DeliveryLog";
import { OutletForm } from "@/outlets/OutletForm";
import { OutletItem } from "@/outlets/OutletItem";
import { type Outlet, outletsQuery } from "@/outlets/outlets";
import type { OutletSearch } from "@/outlets/search";

import { NotFoundPage } from "./NotFoundPage";

export function OutletsPage() {
  const { permissions } = useSession();
  return permissions.includes("outlets") ? <Outlets /> : <NotFoundPage />;
}

/** Where notifications leave: the outlets, and the log of what left. */
function Outlets() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/shell/settings/outlets" });
  const navigate = useNavigate({ from: "/settings/outlets" });
  const { data, error, refetch } = useQuery(outletsQuery);
  const [form, setForm] = useState<{ outlet: Outlet | null; open: boolean }>({ outlet: null, open: false });
  const change = (changes: Partial<OutletSearch>) =>
    void navigate({ search: (now: OutletSearch) => ({ ...now, ...changes }), replace: true });
  const make = (
    <Button type="primary" icon={<Plus size={15} />} onClick={() => setForm({ outlet: null, open: true })}>
      {t("outlets.new")}
    </Button>
  );
  return (
    <Page icon={Send} title={t("places.outlets")} width="medium">
      <Bar look="bare">
        <Segmented
          aria-label={t("places.outlets")}
          value={search.tab ?? "outlets"}
          onChange={(tab) => void navigate({ search: tab === "log" ? { tab } : {}, replace: true })}
          options={[
            { value: "outlets" as const, label: t("outlets.tab") },
            { value: "log" as const, label: t("outlets.log") },
          ]}
        />
        <Gap />
        {search.tab !== "log" && data && data.items.length > 0 ? make : null}
      </Bar>
      {error ? <Failure error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <BoneLines /> : null}
      {data && search.tab === "log" ? <DeliveryLog known={data} search={search} onSearch={change} /> : null}
      {data && search.tab !== "log" ? (
        <>
          {data.links ? null : <Alert role="note" type="info" showIcon title={t("outlets.noLinks")} />}
          {data.items.length === 0 ? (
            <Empty icon={<Send size={22} />} title={t("outlets.none")} hint={t("outlets.noneHint")}>
              {make}
            </Empty>
          ) : (
            <List>
              {data.items.map((outlet) => (
                <OutletItem
                  key={outlet.id}
                  outlet={outlet}
                  known={data}
                  onEdit={() => setForm({ outlet, open: true })}
                />
              ))}
            </List>
          )}
          <OutletForm {...form} known={data} onClose={() => setForm({ ...form, open: false })} />
        </>
      ) : null}
    </Page>
  );
}

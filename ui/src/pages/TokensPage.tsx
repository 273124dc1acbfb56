import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";

import { useTranslation } from "@/app/translation";
import { BoneLines } from "@/design/Bones";
import { Empty } from "@/design/Empty";
import { Failure } from "@/design/Failure";
import { List } from "@/design/List";
import { Lead, Page } from "@/design/Page";
import { NewToken } from "@/settings/NewToken";
import { tokensQuery } from "@/settings/tokens";
import { TokenRow } from "@/settings/TokenRow";

/** The viewer's API tokens: who may act in their name, until when; make one, take one away. */
export function TokensPage() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(tokensQuery);
  const [making, setMaking] = useState(false);
  const make = (
    <Button type="primary" icon={<Plus size={15} />} onClick={() => setMaking(true)}>
      {t("tokens.new")}
    </Button>
  );
  return (
    <>
      <Page icon={KeyRound} title={t("places.tokens")} width="narrow">
        <Lead note={t("tokens.intro")}>{data && data.length > 0 ? make : null}</Lead>
        {error ? <Failure error={error} retry={() => void refetch()} /> : null}
        {!data && !error ? <BoneLines /> : null}
        {data?.length === 0 ? (
          <Empty icon={<KeyRound size={22} />} title={t("tokens.none")} hint={t("tokens.noneHint")}>
            {make}
          </Empty>
        ) : null}
        {data && data.length > 0 ? (
          <List>
            {data.map((token) => (
              <TokenRow key={token.id} token={token} />
            ))}
          </List>
        ) : null}
      </Page>
      <NewToken open={making} onClose={() => setMaking(false)} />
    </>
  );
}

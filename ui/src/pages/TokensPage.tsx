import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { PageTitle } from "@/app/shell/slot";
import { BoneLines } from "@/design/Bones";
import { Empty } from "@/design/Empty";
import { Failure } from "@/design/Failure";
import { NewToken } from "@/settings/NewToken";
import { tokensQuery } from "@/settings/tokens";
import { TokenRow } from "@/settings/TokenRow";
import styles from "@/settings/settings.module.css";

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
      <PageTitle text={t("places.tokens")}>
        <KeyRound size={16} strokeWidth={1.7} aria-hidden />
        <h1>{t("places.tokens")}</h1>
      </PageTitle>
      <div className={styles.page}>
        <header className={styles.intro}>
          <p>{t("tokens.intro")}</p>
          {data && data.length > 0 ? make : null}
        </header>
        {error ? <Failure error={error} retry={() => void refetch()} /> : null}
        {!data && !error ? <BoneLines /> : null}
        {data?.length === 0 ? (
          <Empty icon={<KeyRound size={22} />} title={t("tokens.none")} hint={t("tokens.noneHint")}>
            {make}
          </Empty>
        ) : null}
        {data && data.length > 0 ? (
          <ul className={styles.list}>
            {data.map((token) => (
              <TokenRow key={token.id} token={token} />
            ))}
          </ul>
        ) : null}
      </div>
      <NewToken open={making} onClose={() => setMaking(false)} />
    </>
  );
}

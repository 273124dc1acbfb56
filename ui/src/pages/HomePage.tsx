import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { PageTitle } from "@/app/shell/slot";
import { useTranslation } from "@/app/translation";
import { useCatalog } from "@/catalog/catalog";
import { Failure } from "@/design/Failure";
import { homeQuery } from "@/home/answer";
import { HomeBones } from "@/home/HomeBones";
import { HomeHead } from "@/home/HomeHead";
import { Panels } from "@/home/Panels";
import { WithoutPanels } from "@/home/WithoutPanels";
import styles from "@/home/home.module.css";

/** What the viewer's roles begin the day with: figures, lists, charts and what waits for them, in one answer. */
export function HomePage() {
  const { t } = useTranslation();
  const { home } = useCatalog();
  const { whose } = useSearch({ from: "/shell/" });
  const navigate = useNavigate({ from: "/" });
  const { data, error, refetch } = useQuery({ ...homeQuery(whose), enabled: home.panels.length > 0 });
  if (home.panels.length === 0) return <WithoutPanels />;
  return (
    <>
      <PageTitle text={t("home.title")}>
        <h1 className="cut">{t("home.title")}</h1>
      </PageTitle>
      <div className={styles.page}>
        <HomeHead
          answer={data}
          choice={home.of === "choice"}
          whose={whose ?? "all"}
          onWhose={(next) => void navigate({ search: next === "mine" ? { whose: next } : {}, replace: true })}
        />
        {data ? (
          <Panels key={data.whose} panels={home.panels} answer={data} retry={() => void refetch()} />
        ) : error ? (
          <Failure error={error} retry={() => void refetch()} />
        ) : (
          <HomeBones panels={home.panels} />
        )}
      </div>
    </>
  );
}

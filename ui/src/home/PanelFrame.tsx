import { Link } from "@tanstack/react-router";
import { ChevronRight, TriangleAlert } from "lucide-react";
import { type ReactNode, useId } from "react";

import type { PanelDefinition } from "@/api/home";
import type { Reason } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { useLabel } from "@/catalog/label";

import type { Whose } from "./answer";
import { drill } from "./drill";
import styles from "./home.module.css";

interface Props {
  panel: PanelDefinition;
  whose: Whose;
  count?: string;
  tools?: ReactNode;
  children: ReactNode;
}

/** A panel's box: its heading leads to the list of all that it is about. */
export function PanelFrame({ panel, whose, count, tools, children }: Props) {
  const say = useLabel();
  const id = useId();
  const heading = (
    <>
      <span className="cut">{say(panel.label)}</span>
      {count ? <span className={styles.count}>{count}</span> : null}
    </>
  );
  return (
    <section className={styles.panel} aria-labelledby={id} data-panel={panel.name}>
      <header className={styles.head}>
        <h2 id={id} className={styles.heading}>
          {panel.object ? (
            <Link
              to="/records/$object"
              params={{ object: panel.object }}
              search={drill(panel, whose)}
              className={styles.more}
            >
              {heading}
              <ChevronRight size={14} aria-hidden />
            </Link>
          ) : (
            heading
          )}
        </h2>
        {tools ? <div className={styles.tools}>{tools}</div> : null}
      </header>
      {children}
    </section>
  );
}

/** What will stand in a panel, and how to make it appear. */
export function Nothing({ panel }: { panel: PanelDefinition }) {
  const { t } = useTranslation();
  const say = useLabel();
  return <p className={styles.nothing}>{say(panel.empty) || t("home.nothing")}</p>;
}

/** Why a panel can't be shown. */
export function PanelFailure({ reason, retry }: { reason: Reason; retry: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={styles.failure} role="alert">
      <TriangleAlert size={15} aria-hidden />
      <span>{[reason.message, reason.hint].filter(Boolean).join(" ")}</span>
      <button type="button" className={styles.plain} onClick={retry}>
        {t("action.retry")}
      </button>
    </div>
  );
}

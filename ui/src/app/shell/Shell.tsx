import { useQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useState } from "react";

import { CatalogContext, catalogQuery } from "@/catalog/catalog";
import { usePhone } from "@/design/media";
import { readyForms, whenIdle } from "@/app/ready";
import { useTranslation } from "@/app/translation";
import { useGo } from "@/palette/go";
import { useLiveUpdates } from "@/live/updates";
import { ComposeProvider } from "@/mail/ComposeProvider";
import { CreateProvider } from "@/records/create/CreateProvider";
import { GateProvider } from "@/records/gate/GateProvider";
import { useUndoKey } from "@/records/undo";

import { RoutePending } from "../fallbacks";
import { useHotkeys } from "../hotkeys";
import { useOwnLanguage } from "../language";
import { BottomNav } from "./BottomNav";
import { Sidebar } from "./Sidebar";
import styles from "./Shell.module.css";
import { TitleSlot } from "./slot";
import { TopBar } from "./TopBar";

const Palette = lazy(() => import("@/palette/Palette").then((module) => ({ default: module.Palette })));

const Shortcuts = lazy(() => import("@/palette/Shortcuts").then((module) => ({ default: module.Shortcuts })));

/** The frame around every signed-in page, and the definitions that all in it go by. */
export function Shell() {
  const { data } = useQuery(catalogQuery);
  return (
    <CatalogContext value={data ?? null}>
      <Frame />
    </CatalogContext>
  );
}

function Frame() {
  const { t } = useTranslation();
  const phone = usePhone();
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const [searching, setSearching] = useState(false);
  const [asking, setAsking] = useState(false);
  const search = useCallback(() => setSearching(true), []);
  useLiveUpdates();
  useOwnLanguage();
  useEffect(() => whenIdle(readyForms), []);
  useUndoKey();
  useGo();
  useHotkeys({
    "?": () => setAsking(true),
    "mod+k": (event) => {
      event.preventDefault();
      setSearching((open) => !open);
    },
  });
  return (
    <CreateProvider>
      <GateProvider>
        <TitleSlot value={slot}>
          <ComposeProvider>
          <div className={styles.shell}>
            <a className={styles.skip} href="#main">
              {t("shell.skip")}
            </a>
            {phone ? null : <Sidebar onSearch={search} />}
            <div className={styles.main}>
              <TopBar titleRef={setSlot} onSearch={search} />
              <main id="main" className={styles.page} tabIndex={-1}>
                <Suspense fallback={<RoutePending />}>
                  <Outlet />
                </Suspense>
              </main>
            </div>
            {phone ? <BottomNav /> : null}
          </div>
          {asking ? (
            <Suspense>
              <Shortcuts onClose={() => setAsking(false)} />
            </Suspense>
          ) : null}
          {searching ? (
            <Suspense>
              <Palette onClose={() => setSearching(false)} />
            </Suspense>
          ) : null}
          </ComposeProvider>
        </TitleSlot>
      </GateProvider>
    </CreateProvider>
  );
}

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";

import { api, ApiError } from "@/api/client";
import { readTrailSearch } from "@/audit/search";
import { readAuditsSearch } from "@/audits/search";
import { catalogQuery } from "@/catalog/catalog";
import { homeQuery } from "@/home/answer";
import { prepare } from "@/live/stream";
import { readProcessSearch } from "@/process/search";
import { readOutletSearch } from "@/outlets/search";
import { readAhead } from "@/records/list/ahead";
import { recordQuery } from "@/records/query";

import { RouteFailure, RouteMissing, RoutePending } from "./fallbacks";
import { allTexts } from "./i18n";
import { painted } from "./painted";
import { queryClient } from "./query";
import { type HomeSearch, readCalendarSearch, readListSearch, readMailSearch, type RecordSearch } from "./search";
import { sessionQuery } from "./session";

/** A page that is loaded with the texts that only such pages have. */
const spoken =
  <Module,>(load: () => Promise<Module>) =>
  async (): Promise<Module> => {
    const [module] = await Promise.all([load(), allTexts()]);
    return module;
  };

/** What a press leads to is worked out after the frame that shows it was heard. */
const root = createRootRoute({
  beforeLoad: ({ cause, preload }) => (cause === "stay" && !preload ? painted() : undefined),
  component: Outlet,
});

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: (raw: Record<string, unknown>): { next?: string } =>
    typeof raw.next === "string" && raw.next.startsWith("/") && !raw.next.startsWith("//") ? { next: raw.next } : {},
  component: lazyRouteComponent(() => import("@/pages/LoginPage"), "LoginPage"),
});

const welcome = createRoute({
  getParentRoute: () => root,
  path: "/welcome",
  component: lazyRouteComponent(spoken(() => import("@/pages/WelcomePage")), "WelcomePage"),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  beforeLoad: async ({ location }) => {
    prepare();
    try {
      await Promise.all([queryClient.ensureQueryData(sessionQuery), queryClient.ensureQueryData(catalogQuery)]);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        throw redirect({ to: "/login", search: location.href === "/" ? {} : { next: location.href } });
      }
      throw error;
    }
  },
  component: lazyRouteComponent(() => import("./shell/Shell"), "Shell"),
});

const home = createRoute({
  getParentRoute: () => shell,
  path: "/",
  validateSearch: (raw: Record<string, unknown>): HomeSearch => (raw.whose === "mine" ? { whose: "mine" } : {}),
  loaderDeps: ({ search }) => search,
  loader: ({ deps }) => {
    if (queryClient.getQueryData(catalogQuery.queryKey)?.home.panels.length) {
      void queryClient.prefetchQuery(homeQuery(deps.whose));
    }
  },
  component: lazyRouteComponent(() => import("@/pages/HomePage"), "HomePage"),
});

const object = createRoute({
  getParentRoute: () => shell,
  path: "/records/$object",
  validateSearch: readListSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ params, deps }) => {
    const catalog = queryClient.getQueryData(catalogQuery.queryKey);
    if (catalog) readAhead(queryClient, catalog, params.object, deps);
  },
  component: lazyRouteComponent(() => import("@/pages/ObjectPage"), "ObjectPage"),
});

const importing = createRoute({
  getParentRoute: () => shell,
  path: "/records/$object/import",
  validateSearch: (raw: Record<string, unknown>): { job?: string } =>
    typeof raw.job === "string" ? { job: raw.job } : {},
  component: lazyRouteComponent(spoken(() => import("@/pages/ImportPage")), "ImportPage"),
});

const log = createRoute({
  getParentRoute: () => shell,
  path: "/import/log",
  validateSearch: (raw: Record<string, unknown>): { job?: string } =>
    typeof raw.job === "string" ? { job: raw.job } : {},
  component: lazyRouteComponent(spoken(() => import("@/pages/LogPage")), "LogPage"),
});

const record = createRoute({
  getParentRoute: () => shell,
  path: "/records/$object/$id",
  validateSearch: (raw: Record<string, unknown>): RecordSearch => (typeof raw.tab === "string" ? { tab: raw.tab } : {}),
  loader: ({ params }) => {
    const definition = queryClient.getQueryData(catalogQuery.queryKey)?.objects[params.object];
    if (definition) void queryClient.prefetchQuery(recordQuery(definition, params.id));
  },
  component: lazyRouteComponent(spoken(() => import("@/pages/RecordPage")), "RecordPage"),
});

const calendar = createRoute({
  getParentRoute: () => shell,
  path: "/calendar",
  validateSearch: readCalendarSearch,
  component: lazyRouteComponent(spoken(() => import("@/pages/CalendarPage")), "CalendarPage"),
});

const jobs = createRoute({
  getParentRoute: () => shell,
  path: "/jobs",
  component: lazyRouteComponent(spoken(() => import("@/pages/JobsPage")), "JobsPage"),
});

const tokens = createRoute({
  getParentRoute: () => shell,
  path: "/settings/tokens",
  component: lazyRouteComponent(spoken(() => import("@/pages/TokensPage")), "TokensPage"),
});

const audit = createRoute({
  getParentRoute: () => shell,
  path: "/audit",
  validateSearch: readTrailSearch,
  component: lazyRouteComponent(spoken(() => import("@/pages/AuditPage")), "AuditPage"),
});

const processes = createRoute({
  getParentRoute: () => shell,
  path: "/process",
  validateSearch: readProcessSearch,
  component: lazyRouteComponent(spoken(() => import("@/pages/ProcessPage")), "ProcessPage"),
});

const process = createRoute({
  getParentRoute: () => shell,
  path: "/process/$pipeline",
  validateSearch: readProcessSearch,
  component: lazyRouteComponent(spoken(() => import("@/pages/ProcessPage")), "ProcessPage"),
});

const conflicts = createRoute({
  getParentRoute: () => shell,
  path: "/conflicts",
  component: lazyRouteComponent(spoken(() => import("@/pages/ConflictsPage")), "ConflictsPage"),
});

const handover = createRoute({
  getParentRoute: () => shell,
  path: "/handover/$user",
  component: lazyRouteComponent(spoken(() => import("@/pages/HandOverPage")), "HandOverPage"),
});

const pool = createRoute({
  getParentRoute: () => shell,
  path: "/pool",
  component: lazyRouteComponent(spoken(() => import("@/pages/PoolPage")), "PoolPage"),
});

const score = createRoute({
  getParentRoute: () => shell,
  path: "/scores/$score",
  validateSearch: (raw: Record<string, unknown>): { by?: string } =>
    typeof raw.by === "string" ? { by: raw.by } : {},
  component: lazyRouteComponent(spoken(() => import("@/pages/ScorePage")), "ScorePage"),
});

const tuning = createRoute({
  getParentRoute: () => shell,
  path: "/scores/$score/tuning",
  component: lazyRouteComponent(spoken(() => import("@/pages/TuningPage")), "TuningPage"),
});

const audits = createRoute({
  getParentRoute: () => shell,
  path: "/audits",
  validateSearch: readAuditsSearch,
  component: lazyRouteComponent(spoken(() => import("@/pages/AuditsPage")), "AuditsPage"),
});

const review = createRoute({
  getParentRoute: () => shell,
  path: "/audits/$audit/$id",
  component: lazyRouteComponent(spoken(() => import("@/pages/ReviewPage")), "ReviewPage"),
});

const meeting = createRoute({
  getParentRoute: () => shell,
  path: "/meeting",
  validateSearch: (raw: Record<string, unknown>): HomeSearch => (raw.whose === "mine" ? { whose: "mine" } : {}),
  component: lazyRouteComponent(spoken(() => import("@/pages/MeetingPage")), "MeetingPage"),
});

const ageing = createRoute({
  getParentRoute: () => shell,
  path: "/ageing",
  component: lazyRouteComponent(spoken(() => import("@/pages/AgeingPage")), "AgeingPage"),
});

const notifications = createRoute({
  getParentRoute: () => shell,
  path: "/notifications",
  component: lazyRouteComponent(spoken(() => import("@/pages/NotificationsPage")), "NotificationsPage"),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  component: lazyRouteComponent(spoken(() => import("@/pages/SettingsPage")), "SettingsPage"),
});

const noticeSettings = createRoute({
  getParentRoute: () => shell,
  path: "/settings/notifications",
  component: lazyRouteComponent(spoken(() => import("@/pages/NoticeSettingsPage")), "NoticeSettingsPage"),
});

const outlets = createRoute({
  getParentRoute: () => shell,
  path: "/settings/outlets",
  validateSearch: readOutletSearch,
  component: lazyRouteComponent(spoken(() => import("@/pages/OutletsPage")), "OutletsPage"),
});

const mail = createRoute({
  getParentRoute: () => shell,
  path: "/mail",
  validateSearch: readMailSearch,
  component: lazyRouteComponent(spoken(() => import("@/pages/MailPage")), "MailPage"),
});

const mailAccounts = createRoute({
  getParentRoute: () => shell,
  path: "/settings/mail",
  component: lazyRouteComponent(spoken(() => import("@/pages/MailSettingsPage")), "MailSettingsPage"),
});

/** Any other address: the frame stays, whoever is not logged in is asked to. */
const missing = createRoute({ getParentRoute: () => shell, path: "$", component: RouteMissing });

const pages = [
  conflicts,
  handover,
  pool,
  processes,
  process,
  home,
  object,
  importing,
  log,
  record,
  calendar,
  jobs,
  tokens,
  audit,
  notifications,
  settings,
  score,
  tuning,
  audits,
  review,
  meeting,
  ageing,
  missing,
];

export const router = createRouter({
  routeTree: root.addChildren([login, welcome, shell.addChildren([...pages, noticeSettings, outlets, mail, mailAccounts])]),
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  defaultPendingComponent: RoutePending,
  defaultErrorComponent: RouteFailure,
  defaultNotFoundComponent: RouteMissing,
  scrollRestoration: false,
});

/**
 * Asks for what the first page needs all at once, instead of one after the other as the router comes to it. Meanwhile the
 * browser loads what it knows of calendars, which it does when it is first asked to write a date.
 */
export function begin(): void {
  const matched: string[] = router.matchRoutes(router.latestLocation).map((match: { routeId: string }) => match.routeId);
  if (matched.includes(shell.id)) {
    void queryClient.prefetchQuery(sessionQuery);
    void queryClient.prefetchQuery(catalogQuery);
  }
  for (const route of Object.values(router.routesById)) {
    if (matched.includes(route.id)) router.loadRouteChunk(route)?.catch(() => undefined);
  }
  Intl.DateTimeFormat();
}

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

api.onExpired(() => {
  queryClient.clear();
  if (router.state.location.pathname !== "/login") {
    void router.navigate({ to: "/login", search: { next: router.state.location.href } });
  }
});

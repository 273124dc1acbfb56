import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, type InputRef, Segmented } from "antd";
import { Copy, Link2, Link2Off } from "lucide-react";
import { useRef, useState } from "react";

import { api } from "@/api/client";
import { useCopy } from "@/app/copy";
import { useTranslation } from "@/app/translation";
import { messageOf } from "@/design/Failure";
import { Panel } from "@/design/Panel";
import { Time } from "@/design/Time";

import styles from "./feed.module.css";

type Whose = "mine" | "all";

interface Feed {
  whose: Whose;
  created_at: string;
  read_at: string | null;
}

const PATH = "/api/calendar/feed";
const KEY = ["calendar-feed"];

/** One's secret address for calendar programs: made, shown once, made anew, stopped. */
export function FeedPanel({ onClosed }: { onClosed: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [open, setOpen] = useState(true);
  const [whose, setWhose] = useState<Whose | null>(null);
  const [url, setUrl] = useState("");
  const [busy, setBusy] = useState(false);
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => api.get<{ feed: Feed | null }>(PATH, {}, signal),
    staleTime: 0,
  });
  const feed = data?.feed ?? null;
  const chosen = whose ?? feed?.whose ?? "mine";

  const act = async (work: () => Promise<void>) => {
    setBusy(true);
    try {
      await work();
      await client.invalidateQueries({ queryKey: KEY });
    } catch (error) {
      void message.error(messageOf(error) || t("error.offline"));
    } finally {
      setBusy(false);
    }
  };
  const make = () =>
    act(async () => {
      const made = await api.post<{ url: string }>(PATH, { whose: chosen });
      setUrl(made.url);
    });
  const stop = () =>
    act(async () => {
      await api.delete(PATH);
      setUrl("");
      void message.success(t("feed.stopped"));
    });
  return (
    <Panel open={open} width={460} title={t("feed.title")} onClose={() => setOpen(false)} onClosed={onClosed}>
      <div className={styles.panel}>
        <p className={styles.lead}>{t("feed.lead")}</p>
        {url ? <Once url={url} /> : null}
        {feed && !url ? (
          <p className={styles.state}>
            <Link2 size={16} aria-hidden />
            <span>
              <Said text={t("feed.made", { when: "|" })} at={feed.created_at} />
              <small>
                {feed.read_at ? <Said text={t("feed.read", { when: "|" })} at={feed.read_at} /> : t("feed.unread")}
              </small>
            </span>
          </p>
        ) : null}
        <div className={styles.row}>
          <Segmented<Whose>
            aria-label={t("feed.whose")}
            value={chosen}
            options={[
              { value: "mine", label: t("feed.mine") },
              { value: "all", label: t("feed.all") },
            ]}
            onChange={setWhose}
          />
          <Button type={feed ? "default" : "primary"} loading={busy} onClick={() => void make()}>
            {feed ? t("feed.again") : t("feed.make")}
          </Button>
        </div>
        {feed ? <p className={styles.hint}>{t("feed.againHint")}</p> : null}
        <section className={styles.how}>
          <h3>{t("feed.how")}</h3>
          <ul>
            <li>{t("feed.howApple")}</li>
            <li>{t("feed.howGoogle")}</li>
            <li>{t("feed.howOutlook")}</li>
          </ul>
        </section>
        {feed ? (
          <Button
            type="text"
            danger
            className={styles.stop}
            icon={<Link2Off size={15} />}
            disabled={busy}
            onClick={() => void stop()}
          >
            {t("feed.stop")}
          </Button>
        ) : null}
      </div>
    </Panel>
  );
}

/** The address, this once. */
function Once({ url }: { url: string }) {
  const { t } = useTranslation();
  const copy = useCopy();
  const box = useRef<InputRef>(null);
  return (
    <div className={styles.once} role="status">
      <p>{t("feed.once")}</p>
      <div className={styles.row}>
        <Input ref={box} readOnly value={url} aria-label={t("feed.link")} onFocus={() => box.current?.select()} />
        <Button type="primary" icon={<Copy size={14} />} onClick={() => void copy(url, t("feed.copied"))}>
          {t("feed.copy")}
        </Button>
      </div>
    </div>
  );
}

/** A sentence with an instant where its `|` stands. */
function Said({ text, at }: { text: string; at: string }) {
  const [before, after] = text.split("|");
  return (
    <span>
      {before}
      <Time value={at} />
      {after}
    </span>
  );
}

import { FileDiff, GitMerge, Users } from "lucide-react";
import type { ReactNode } from "react";

import type { ObjectDefinition } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { fieldOf, useCatalog } from "@/catalog/catalog";
import { useLabel } from "@/catalog/label";
import { Avatar } from "@/design/Avatar";
import { RecordLink } from "@/design/RecordLink";
import { Time } from "@/design/Time";

import type { Conflict, Fact, Side } from "./conflicts";
import styles from "./conflicts.module.css";

const ICONS = { people: Users, twins: GitMerge, files: FileDiff } as const;

interface Props {
  conflict: Conflict;
  /** Whether the record itself is named: not on its own page. */
  named: boolean;
  children?: ReactNode;
}

/** One conflict: what clashes, who is concerned, the evidence, and below it what can be done. */
export function ConflictCard({ conflict, named, children }: Props) {
  const { t } = useTranslation();
  const say = useLabel();
  const Icon = ICONS[conflict.kind];
  return (
    <article className={styles.card} aria-label={say(conflict.label)}>
      <Icon size={17} strokeWidth={1.8} aria-hidden className={styles.icon} />
      <div className={styles.body}>
        <p className={styles.head}>
          <b>{say(conflict.label)}</b>
          {named ? <SideName side={conflict.record} object={conflict.object} /> : null}
          <small>
            <Time value={conflict.found_at} />
          </small>
        </p>
        <p className={styles.words}>
          <Words conflict={conflict} />
        </p>
        <Evidence conflict={conflict} />
        {conflict.state === "open" ? null : (
          <p className={styles.settled}>
            {t(`clash.how.${conflict.how}`, { defaultValue: conflict.how })}
            {conflict.settled_by?.label ? ` · ${conflict.settled_by.label}` : ""}
            {conflict.settled_at ? (
              <>
                {" · "}
                <Time value={conflict.settled_at} />
              </>
            ) : null}
            {conflict.reason ? ` · ${conflict.reason}` : ""}
          </p>
        )}
        {children}
      </div>
    </article>
  );
}

/** The clash in a sentence. */
function Words({ conflict }: { conflict: Conflict }) {
  const { t } = useTranslation();
  const say = useLabel();
  const object = useCatalog().objects[conflict.object];
  if (conflict.kind === "people") {
    return <>{t("clash.people", { count: conflict.people.length, days: conflict.days })}</>;
  }
  if (conflict.kind === "files") {
    const versions = new Set(conflict.facts.map((fact) => fact.name)).size;
    return <>{t("clash.files", { name: conflict.subject, count: versions })}</>;
  }
  const fields = conflict.facts.map((fact) => say(object && fieldOf(object, fact.field ?? "")?.label)).filter(Boolean);
  return (
    <>
      {t("clash.twins", { fields: fields.join(t("filter.comma")) })}
      {conflict.other ? <SideName side={conflict.other} object={conflict.object} owner /> : null}
    </>
  );
}

function SideName({ side, object, owner }: { side: Side; object: string; owner?: boolean }) {
  const { t } = useTranslation();
  const say = useLabel();
  const definition = useCatalog().objects[object] as ObjectDefinition | undefined;
  if (!side.id) {
    const thing = say(definition?.label);
    return (
      <span className={styles.hidden}>
        {side.owner?.label ? t("clash.hidden", { thing, owner: side.owner.label }) : t("clash.hiddenPool", { thing })}
      </span>
    );
  }
  return (
    <>
      <RecordLink object={object} id={side.id} className={styles.name}>
        {side.label ?? side.id.slice(0, 8)}
      </RecordLink>
      {owner && side.owner?.label ? <small>{t("clash.owner", { name: side.owner.label })}</small> : null}
    </>
  );
}

function Evidence({ conflict }: { conflict: Conflict }) {
  const told = conflict.facts.filter((fact) => fact.user);
  if (told.length === 0) return null;
  return (
    <ul className={styles.facts}>
      {told.slice(0, 6).map((fact, index) => (
        <li key={index}>
          <Told fact={fact} />
        </li>
      ))}
    </ul>
  );
}

function Told({ fact }: { fact: Fact }) {
  const name = fact.user?.label ?? "—";
  return (
    <>
      <Avatar name={name} size={18} />
      <span>{name}</span>
      {fact.name ? <span className={styles.file}>{fact.name}</span> : null}
      {fact.at ? (
        <small>
          <Time value={fact.at} />
        </small>
      ) : null}
    </>
  );
}

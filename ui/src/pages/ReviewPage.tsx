import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ChevronRight, ClipboardCheck } from "lucide-react";
import { useCallback } from "react";

import { ApiError } from "@/api/client";
import type { AuditDefinition } from "@/api/auditing";
import type { ObjectDefinition, Ref, Row } from "@/api/types";
import { PageTitle } from "@/app/shell/slot";
import { useTranslation } from "@/app/translation";
import { AUDITS, type ReviewAnswer, reviewQuery } from "@/audits/api";
import { Outcome } from "@/audits/Outcome";
import styles from "@/audits/review.module.css";
import { VerdictCard } from "@/audits/VerdictCard";
import { useCatalog } from "@/catalog/catalog";
import { BoneLines } from "@/design/Bones";
import { Failure } from "@/design/Failure";
import { spoilRecords } from "@/records/cache";
import { recordQuery } from "@/records/query";

import { NotFoundPage } from "./NotFoundPage";

export function ReviewPage() {
  const { audit: name, id } = useParams({ from: "/shell/audits/$audit/$id" });
  const audit = useCatalog().audits.find((one) => one.name === name);
  const { data, error, refetch } = useQuery({ ...reviewQuery(name, id), enabled: Boolean(audit) });
  if (!audit || (error instanceof ApiError && error.status === 404)) return <NotFoundPage />;
  if (error) return <Failure error={error} retry={() => void refetch()} />;
  return data ? <Review key={id} audit={audit} answer={data} /> : <BoneLines lines={10} />;
}

/** One file that was drawn: every deliverable with its evidence on one side and the verdict on the other. */
function Review({ audit, answer }: { audit: AuditDefinition; answer: ReviewAnswer }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { review, verdicts, can } = answer;
  const subject = review.subject as Ref | null;
  const object = useCatalog().objects[audit.object];
  const changed = useCallback(async () => {
    await client.invalidateQueries({ queryKey: AUDITS });
    await spoilRecords(client);
  }, [client]);
  return (
    <>
      <PageTitle text={String(review.name)}>
        <Link to="/audits" search={{}} className={styles.crumb}>
          <ClipboardCheck size={16} strokeWidth={1.7} aria-hidden />
          <span>{t("places.audits")}</span>
        </Link>
        <ChevronRight size={14} aria-hidden className={styles.mark} />
        <h1 className="cut">{String(review.name)}</h1>
      </PageTitle>
      <div className={styles.page}>
        <div className={styles.verdicts}>
          {object && subject ? (
            <WithSubject object={object} id={subject.id}>
              {(row) =>
                verdicts.map((verdict) => (
                  <VerdictCard
                    key={verdict.id}
                    audit={audit}
                    object={object}
                    row={row}
                    verdict={verdict}
                    editable={can.judge}
                    onChanged={changed}
                  />
                ))
              }
            </WithSubject>
          ) : null}
        </div>
        <Outcome audit={audit} answer={answer} onChanged={changed} />
      </div>
    </>
  );
}

interface WithSubjectProps {
  object: ObjectDefinition;
  id: string;
  children: (row: Row | null) => React.ReactNode;
}

/** The record that was drawn, as far as the viewer may see it. */
function WithSubject({ object, id, children }: WithSubjectProps) {
  const { data, error } = useQuery(recordQuery(object, id));
  if (!data && !error) return <BoneLines lines={10} />;
  return <>{children(data ?? null)}</>;
}

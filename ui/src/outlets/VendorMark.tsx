import { Mail, Webhook } from "lucide-react";

import { useTranslation } from "@/app/translation";

import styles from "./outlets.module.css";

const LETTERED = ["wecom", "dingtalk", "feishu"];

/** A sign for a kind of outlet; its name stands beside it. */
export function VendorMark({ kind }: { kind: string }) {
  const { t } = useTranslation();
  const Icon = kind === "webhook" ? Webhook : Mail;
  return (
    <span className={styles.mark} data-kind={kind} aria-hidden>
      {LETTERED.includes(kind) ? t(`outlets.mark.${kind}`) : <Icon size={16} />}
    </span>
  );
}

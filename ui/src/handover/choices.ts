import type { HandOverRule, Holdings, MailRule } from "./handover";

export const REST = "rest";
export const POOL = "pool";
export const KEEP = "keep";
export const CLOSE = "close";

/** What was chosen for an object or a mail account, by its name or id: one of the words above, or a person's id. */
export type Choices = Record<string, string>;

/** The rules that choices mean, and whether they say of everything where it goes. */
export function ruledBy(holdings: Holdings, choices: Choices) {
  const rules: Record<string, HandOverRule> = {};
  const mail: Record<string, MailRule> = {};
  const objects = [...new Set(holdings.records.filter((one) => !one.audit).map((one) => one.object))];
  for (const object of objects) {
    const choice = choices[object] ?? REST;
    if (choice === POOL) rules[object] = { pool: true };
    else if (choice === KEEP) rules[object] = { keep: true };
    else if (choice !== REST) rules[object] = { to: [choice] };
  }
  for (const { id } of holdings.mail) {
    const choice = choices[id] ?? REST;
    if (choice === CLOSE) mail[id] = { close: true };
    else if (choice !== REST) mail[id] = { to: choice };
  }
  const complete = objects.every((object) => object in rules) && holdings.mail.every(({ id }) => id in mail);
  return { rules, mail, complete };
}

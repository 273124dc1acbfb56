import { useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";

import { useTranslation } from "@/app/translation";
import { messageOf } from "@/design/Failure";
import { newKey } from "@/outbox/key";

import { spoilRecords } from "../cache";
import { titleOf } from "../summary";
import { answerAll, type Answering, type Refused } from "./loops";

/** Says of what was ticked that it is answered; names what is refused, and offers to try that again. */
export function useAnswering(): (ticked: Iterable<Answering>, text: string) => Promise<void> {
  const { t } = useTranslation();
  const { notification } = App.useApp();
  const client = useQueryClient();
  const tell = (refused: Refused[], again: () => void) => {
    const key = newKey();
    const lines = refused.flatMap(({ waiting, rows, error }) =>
      rows.map((row) => ({ id: row.id, text: t("loop.why", { name: titleOf(waiting.object, row), why: messageOf(error) }) })),
    );
    const retry = () => {
      notification.destroy(key);
      again();
    };
    notification.error({
      key,
      duration: 0,
      role: "alert",
      title: t("loop.refused"),
      description: lines.map((line) => <p key={line.id}>{line.text}</p>),
      actions: (
        <Button size="small" onClick={retry}>
          {t("action.retry")}
        </Button>
      ),
    });
  };
  const answer = async (ticked: Iterable<Answering>, text: string) => {
    const refused = await answerAll(ticked, text);
    if (refused.length > 0) tell(refused, () => void answer(refused, text).then(() => spoilRecords(client)));
  };
  return answer;
}

import type { Pipeline } from "@/api/types";
import { useTranslation } from "@/app/translation";

import { START } from "./layout";
import { useWords } from "./words";

/** What a node of the map is called: a stage, a deliverable, or the beginning. */
export function useNodeName(pipeline: Pipeline): (name: string) => string {
  const { t } = useTranslation();
  const words = useWords(pipeline);
  return (name) => {
    if (name === START) return t("process.start");
    return pipeline.stages.some((stage) => stage.name === name) ? words.stage(name) : words.step(name);
  };
}

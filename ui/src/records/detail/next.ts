import type { DeliverableState, GateOverview, Pipeline } from "@/api/types";
import { stageOf } from "@/catalog/catalog";

/** What to do next with a record: meet a deliverable, or move on. */
export type NextStep =
  | { kind: "meet"; stage: string; item: DeliverableState; left: number; to: string }
  | { kind: "go"; to: string; soft: number };

/** What the gate towards the next stage still lacks: of the present stage what leaving demands, of the next what entering does. */
export function lackingOf(gate: GateOverview, pipeline: Pipeline): { stage: string; item: DeliverableState }[] {
  const part = (stage: string | null, which: "exit" | "entry") => {
    const wanted = stageOf(pipeline, stage)?.[which].map((item) => item.name) ?? [];
    const standing = gate.stages.find((one) => one.name === stage)?.deliverables ?? [];
    return standing
      .filter((item) => wanted.includes(item.name) && !item.met)
      .map((item) => ({ stage: String(stage), item }));
  };
  return [...part(gate.stage, "exit"), ...part(gate.next, "entry")];
}

/** The next best step: the first hard deliverable that is missing, else the move itself; none at the end of the way. */
export function nextStepOf(gate: GateOverview, pipeline: Pipeline): NextStep | null {
  if (!gate.next) return null;
  const lacking = lackingOf(gate, pipeline);
  const hard = lacking.filter((one) => one.item.hard);
  const [first] = hard;
  if (!first) return { kind: "go", to: gate.next, soft: lacking.length };
  return { kind: "meet", ...first, left: hard.length, to: gate.next };
}

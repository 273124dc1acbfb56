import "@xyflow/react/dist/base.css";

import {
  BaseEdge,
  Controls as Zoom,
  EdgeLabelRenderer,
  type Edge as FlowEdge,
  type EdgeProps,
  getBezierPath,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  type ReactFlowInstance,
} from "@xyflow/react";
import { useMemo } from "react";

import { useTheme } from "@/app/theme/ThemeProvider";
import { hueOf } from "@/app/theme/tokens";
import type { Pipeline } from "@/api/types";
import { useTranslation } from "@/app/translation";
import { stageOf } from "@/catalog/catalog";
import { cx } from "@/design/cx";

import type { Edge } from "./answer";
import { placed, slowness, START, WIDTH } from "./layout";
import { useNodeName } from "./nodeName";
import styles from "./graph.module.css";
import { useWords } from "./words";

const THICKEST = 11;
const LEAST_HEIGHT = 300;
const MOST_HEIGHT = 620;
const SHOWN_WIDTH = 1120;
const WHOLE = { padding: 0.03, maxZoom: 1.2 };
/** Smaller than this, the names of stages are not read any more. */
const READABLE = 0.65;
/** How far above a straight edge the middle of its one or two lines of text stands. */
const LIFT = { one: 10, two: 17 };
const TONES = ["var(--green-dot)", "var(--cyan-dot)", "var(--amber-dot)", "var(--red-dot)"];

type StageNode = Node<{ label: string; count: string; color?: string; substep: boolean; start: boolean }, "stage">;
type PathEdge = FlowEdge<{ text: string; span: string; width: number; color: string; said: string }, "path">;

/** The directly-follows graph: the thicker the more often, green is fast and red is slow. */
export function Graph({ pipeline, edges }: { pipeline: Pipeline; edges: Edge[] }) {
  const { t } = useTranslation();
  const { mode } = useTheme();
  const words = useWords(pipeline);
  const nameOf = useNodeName(pipeline);
  const drawn = useMemo(() => {
    const places = placed(pipeline, edges);
    const at = new Map(places.map((place) => [place.name, place]));
    const most = Math.max(...edges.map((edge) => edge.count));
    const nodes: StageNode[] = places.map((place) => ({
      id: `n:${place.name}`,
      type: "stage",
      position: { x: place.x, y: place.y },
      data: {
        label: nameOf(place.name),
        count: place.name === START ? "" : words.count(place.count),
        color: stageOf(pipeline, place.name)?.color,
        substep: place.substep,
        start: place.name === START,
      },
      ariaLabel: `${nameOf(place.name)} ${place.name === START ? "" : words.count(place.count)}`,
    }));
    const lines: PathEdge[] = edges
      .filter((edge) => at.has(edge.from) && at.has(edge.to) && edge.from !== edge.to)
      .map((edge) => {
        const [from, to] = [at.get(edge.from), at.get(edge.to)];
        const ahead = Boolean(from && to && to.x > from.x);
        const below = Boolean(from && to && to.y > from.y);
        const slow = slowness(edge, edges);
        const tone = TONES[Math.min(TONES.length - 1, Math.floor((slow ?? 0) * TONES.length))];
        const color = slow === null || !tone ? "var(--line-strong)" : tone;
        const span = edge.from === START ? "" : words.span(edge.median_seconds);
        return {
          id: `${edge.from}→${edge.to}`,
          type: "path",
          source: `n:${edge.from}`,
          target: `n:${edge.to}`,
          sourceHandle: ahead ? (below ? "bottom" : "right") : from && to && to.x === from.x ? "bottom" : "top",
          targetHandle: ahead ? "left" : from && to && to.x === from.x ? "top-in" : "top-in",
          markerEnd: { type: MarkerType.ArrowClosed, color, width: 14, height: 14, markerUnits: "userSpaceOnUse" },
          data: {
            text: words.count(edge.count),
            span,
            width: 1.5 + (edge.count / most) * (THICKEST - 1.5),
            color,
            said: `${nameOf(edge.from)} → ${nameOf(edge.to)} ${words.count(edge.count)} ${span}`,
          },
          ariaLabel: `${nameOf(edge.from)} → ${nameOf(edge.to)} ${words.count(edge.count)} ${span}`,
        };
      });
    const across = Math.max(...places.map((place) => place.x)) + WIDTH;
    const down = Math.max(...places.map((place) => place.y)) + 160;
    const height = Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, (down * SHOWN_WIDTH) / Math.max(across, SHOWN_WIDTH) + 60));
    return { nodes, lines, height };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- words and names change with the language, which draws all anew
  }, [pipeline, edges]);
  return (
    <div className={styles.graph} style={{ height: `max(${Math.round(drawn.height)}px, 100dvh - 252px)` }}>
      <ReactFlow
        nodes={drawn.nodes}
        edges={drawn.lines}
        nodeTypes={NODES}
        edgeTypes={EDGES}
        colorMode={mode}
        fitView
        fitViewOptions={WHOLE}
        onInit={beginReadable}
        minZoom={0.2}
        maxZoom={2}
        nodesDraggable={false}
        nodesConnectable={false}
        zoomOnScroll={false}
        preventScrolling={false}
        proOptions={{ hideAttribution: true }}
        aria-label={t("process.tab.map")}
      >
        <Zoom showInteractive={false} />
      </ReactFlow>
      <p className={styles.legend}>
        <span>{t("process.thicker")}</span>
        <span>
          {t("process.fast")}
          {TONES.map((tone) => (
            <i key={tone} style={{ background: tone }} aria-hidden />
          ))}
          {t("process.slow")}
        </span>
      </p>
    </div>
  );
}

/** A pipeline too long to be read as a whole begins at its start; the button for the whole is still there. */
function beginReadable(flow: ReactFlowInstance<StageNode, PathEdge>) {
  void flow.fitView(WHOLE).then(() => {
    if (flow.getZoom() < READABLE) void flow.setViewport({ x: 24, y: 96, zoom: READABLE });
  });
}

function StageBox({ data }: NodeProps<StageNode>) {
  return (
    <div className={cx(styles.node, data.substep && styles.substep, data.start && styles.start)}>
      <Handle type="target" position={Position.Left} id="left" className={styles.handle} />
      <Handle type="target" position={Position.Top} id="top-in" className={styles.handle} />
      <span className={styles.name}>
        {data.start || data.substep ? null : (
          <span className={styles.dot} style={{ background: `var(--${hueOf(data.color)}-dot)` }} />
        )}
        <span className="cut">{data.label}</span>
      </span>
      {data.count ? <b>{data.count}</b> : null}
      <Handle type="source" position={Position.Right} id="right" className={styles.handle} />
      <Handle type="source" position={Position.Top} id="top" className={styles.handle} />
      <Handle type="source" position={Position.Bottom} id="bottom" className={styles.handle} />
    </div>
  );
}

function Path({ id, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, markerEnd, data }: EdgeProps<PathEdge>) {
  const bow = sourcePosition === Position.Top && targetPosition === Position.Top ? 0.6 : 0.25;
  const [path, x, middle] = getBezierPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, curvature: bow });
  const straight = Math.abs(sourceY - targetY) < 1;
  const y = straight ? middle - (data?.width ?? 0) / 2 - (data?.span ? LIFT.two : LIFT.one) : middle;
  return (
    <>
      <BaseEdge id={id} path={path} markerEnd={markerEnd} style={{ stroke: data?.color, strokeWidth: data?.width }} />
      <EdgeLabelRenderer>
        <span
          className={styles.count}
          style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
          title={data?.said}
        >
          {data?.text}
          {data?.span ? <small>{data.span}</small> : null}
        </span>
      </EdgeLabelRenderer>
    </>
  );
}

const NODES = { stage: StageBox };
const EDGES = { path: Path };

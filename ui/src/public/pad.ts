import { h } from "./dom";

type Point = [number, number];

/** Proportions of the box on the paper. */
const RATIO = 90 / 26;
const PEN = 2.6;
/** How near, as a share of the width, the next point may be: nearer ones say nothing new. */
const LEAST_STEP = 0.0025;

/** A pad to sign on by finger, pen or mouse. */
export class Pad {
  readonly element: HTMLCanvasElement;
  private lines: Point[][] = [];
  private line: Point[] | null = null;

  constructor(label: string) {
    this.element = h("canvas", { class: "pad", role: "img", "aria-label": label });
    this.element.addEventListener("pointerdown", (event) => this.begin(event));
    this.element.addEventListener("pointermove", (event) => this.go(event));
    for (const name of ["pointerup", "pointercancel"]) this.element.addEventListener(name, () => (this.line = null));
    new ResizeObserver(() => this.fit()).observe(this.element);
  }

  isEmpty(): boolean {
    const across = this.lines.flat().map(([x]) => x);
    return across.length < 2 || Math.max(...across) - Math.min(...across) < 0.12;
  }

  clear(): void {
    this.lines = [];
    this.draw();
  }

  /** What was written: points from 0 to 1 of the pad, to a ten-thousandth. */
  strokes(): Point[][] {
    return this.lines.map((line) => line.map(([x, y]): Point => [round(x), round(y)]));
  }

  private begin(event: PointerEvent): void {
    event.preventDefault();
    this.element.setPointerCapture(event.pointerId);
    this.line = [this.at(event)];
    this.lines.push(this.line);
    this.draw();
  }

  private go(event: PointerEvent): void {
    if (!this.line) return;
    for (const one of event.getCoalescedEvents?.() ?? [event]) {
      const point = this.at(one);
      const last = this.line.at(-1) ?? point;
      if (Math.hypot(point[0] - last[0], point[1] - last[1]) >= LEAST_STEP) this.line.push(point);
    }
    this.draw();
  }

  private at(event: PointerEvent): Point {
    const box = this.element.getBoundingClientRect();
    const share = (value: number) => Math.min(Math.max(value, 0), 1);
    return [share((event.clientX - box.left) / box.width), share((event.clientY - box.top) / box.height)];
  }

  private fit(): void {
    const density = window.devicePixelRatio || 1;
    this.element.width = Math.round(this.element.clientWidth * density);
    this.element.height = Math.round((this.element.clientWidth / RATIO) * density);
    this.draw();
  }

  private draw(): void {
    const pen = this.element.getContext("2d");
    if (!pen) return;
    const { width, height } = this.element;
    pen.clearRect(0, 0, width, height);
    pen.lineWidth = PEN * (window.devicePixelRatio || 1);
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#16225c";
    for (const line of this.lines) {
      pen.beginPath();
      line.forEach(([x, y], index) => (index ? pen.lineTo(x * width, y * height) : pen.moveTo(x * width, y * height)));
      if (line.length === 1 && line[0]) pen.lineTo(line[0][0] * width + 0.1, line[0][1] * height);
      pen.stroke();
    }
  }
}

function round(share: number): number {
  return Math.round(share * 10_000) / 10_000;
}

import { gather, type Texts } from "../../texts";

export const texts = gather(import.meta.glob<Texts>("./*.json", { eager: true, import: "default" }));

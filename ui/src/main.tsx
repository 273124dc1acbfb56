import "@/app/base.css";

import { createRoot } from "react-dom/client";

import { Root } from "@/app/Root";
import { speak, storedLocale } from "@/app/i18n";
import { begin } from "@/app/router";
import { awaitInstallOffer } from "@/app/install";
import { startWorker } from "@/app/worker";

const place = document.getElementById("root");
awaitInstallOffer();
window.addEventListener("load", startWorker);
if (!place) throw new Error("no #root in the page");
begin();
const antdLocale = await speak(storedLocale());
createRoot(place).render(<Root antdLocale={antdLocale} />);

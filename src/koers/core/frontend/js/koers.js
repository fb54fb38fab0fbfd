// What starts in the browser? Everything here improves pages that also work without it.
import htmx from "htmx.org/dist/htmx.esm.js";
import { startCharts } from "./chart_loader.js";
import { startDialogs } from "./dialogs.js";
import { startForms } from "./forms.js";
import { startMenus } from "./menus.js";
import { startNavigation } from "./navigation.js";
import { startOutbox } from "./outbox.js";
import { startPalette } from "./palette.js";
import { startTables } from "./tables.js";
import { startToasts } from "./toasts.js";
import { startTooltips } from "./tooltips.js";
import { startWalk } from "./walk.js";

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") {
    const token = document.querySelector("meta[name='csrf-token']");
    event.detail.headers["X-CSRFToken"] = token ? token.content : "";
  }
});

startDialogs(htmx);
startMenus();
startNavigation();
startPalette();
startTables();
startForms();
startOutbox();
startToasts();
startTooltips();
startCharts();
startWalk();

// What every page needs of scripts; each part looks for its own marks and does nothing without.
import { watchTheme } from "./theme.js";
import { watchMenu } from "./menu.js";
import { watchConfirm } from "./confirm.js";
import { watchRefresh } from "./refresh.js";
import { watchPlots } from "./plots.js";
import { watchKeep } from "./keep.js";
import { watchBusy } from "./busy.js";

watchTheme();
watchMenu();
watchConfirm();
watchRefresh();
watchPlots();
watchKeep();
// Last: what another part has taken upon itself is no waiting for a page.
watchBusy();

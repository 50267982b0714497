// The queue by keys: N and P move, Enter opens.

import { onKeys } from "./keys.js";

const rows = [...document.querySelectorAll("#queue tbody tr")];
let at = -1;

function go(to) {
  rows[at]?.classList.remove("current");
  at = Math.min(rows.length - 1, Math.max(0, to));
  const link = rows[at]?.querySelector("a");
  rows[at]?.classList.add("current");
  link?.focus({ preventScroll: true });
  rows[at]?.scrollIntoView({ block: "nearest" });
}

onKeys({ n: () => go(at + 1), p: () => go(at - 1), enter: () => rows[Math.max(0, at)]?.querySelector("a")?.click() });

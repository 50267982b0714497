// Single keys: off while somebody writes or an input method composes, and where they are switched off.

const PREFERENCE = "qa.keys";

export function keysAreOn() {
  try { return localStorage.getItem(PREFERENCE) !== "off"; } catch { return true; }
}

export function switchKeys(on) {
  try { localStorage.setItem(PREFERENCE, on ? "on" : "off"); } catch { /* a browser without storage */ }
}

const writes = (element) =>
  element instanceof HTMLElement &&
  (element.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName)) &&
  !["checkbox", "radio", "button"].includes(element.type);

// What a focused element does with these keys itself is left to it.
const own = (element, key) =>
  element instanceof HTMLElement &&
  (key === " " || key === "Enter") &&
  element.closest("button, a, summary, input, select, label") !== null;

// Full-width forms come from Chinese keyboards.
const plain = { "，": ",", "。": ".", "？": "?", "　": " " };

export function onKeys(table, { always = {} } = {}) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.key === "Process") return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const key = (plain[event.key] ?? event.key).toLowerCase();
    const act = always[key] ?? (keysAreOn() && !document.querySelector("dialog[open]") ? table[key] : undefined);
    if (!act || (key !== "escape" && (writes(event.target) || own(event.target, key)))) return;
    event.preventDefault();
    act(event);
  });
}

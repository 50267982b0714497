// The page of a call: player, words, sheet and keys put together.

import { keysAreOn, onKeys, switchKeys } from "./keys.js";
import { Player } from "./player.js";
import { Sender } from "./sending.js";
import { Sheet } from "./sheet.js";
import { tracksBox } from "./tracks.js";
import { Transcript } from "./transcript.js";

const root = document.getElementById("case");
const words = JSON.parse(root.dataset.words);
const save = document.getElementById("save");
const tell = (text, bad) => { if (save) { save.textContent = text; save.classList.toggle("bad", bad); } };

const player = new Player(root, words);
const transcript = new Transcript(root, player);
const sender = new Sender(root.dataset.csrf, {
  onState: (state, refused) => tell(refused ? words.login_again : words[state], state === "unsaved"),
  onRefused: (error) => { tell(error.message, true); setTimeout(() => location.reload(), 4000); },
});
const sheet = new Sheet(root, words, player, sender);
tracksBox(root, player);
player.onFinding = (chip) => sheet.hear(chip);

document.addEventListener("click", (event) => {
  const chip = event.target.closest(".chip");
  if (!chip) return;
  sheet.hear(chip);
  const turn = chip.dataset.turn === undefined ? null : transcript.turns?.[Number(chip.dataset.turn)];
  if (turn) transcript.reveal(turn);
});

const help = document.getElementById("help");
const keysOn = document.getElementById("keyson");
keysOn.checked = keysAreOn();
keysOn.addEventListener("change", () => switchKeys(keysOn.checked));
const openHelp = () => help.showModal();
document.getElementById("openhelp").addEventListener("click", openHelp);

onKeys({
  " ": () => player.toggle(),
  j: () => player.skip(-5),
  l: () => player.skip(5),
  ",": () => player.step(-1),
  ".": () => player.step(1),
  n: () => sheet.move(1),
  p: () => sheet.move(-1),
  y: () => sheet.say("pass"),
  x: () => sheet.say("fail"),
  a: () => sheet.say("not_applicable"),
  "?": () => (sheet.current && sheet.isOpen ? sheet.say("not_measured") : openHelp()),
  h: openHelp,
  c: () => document.getElementById("commenttext")?.focus(),
  u: () => sheet.undo(),
  enter: () => sheet.hearEvidence(),
  s: () => sheet.submit(),
}, { always: { escape: () => { if (help.open) help.close(); else { sheet.choose(null); document.activeElement?.blur(); } } } });

root.dataset.ready = "yes";

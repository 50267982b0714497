// Hearing a call: the masked copy, its waveform from the night's peaks, findings as regions.

import WaveSurfer from "./vendor/wavesurfer.esm.js";
import RegionsPlugin from "./vendor/regions.esm.js";

const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2];
const PREFERENCE = "qa.speed";
const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export const clock = (seconds) => {
  const whole = Math.floor(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h ? `${h}:${String(m).padStart(2, "0")}:${String(s).padStart(2, "0")}` : `${m}:${String(s).padStart(2, "0")}`;
};

// QAPK 1: lanes (u8), peaks a second (u16), peaks a lane (u32), then a byte a peak.
export function readPeaks(buffer) {
  const view = new DataView(buffer);
  if (view.getUint32(0) !== 0x5141504b || view.getUint8(4) !== 1) throw new Error("not a peaks file");
  const [lanes, count] = [view.getUint8(5), view.getUint32(8, true)];
  const all = new Uint8Array(buffer, 12);
  return Array.from({ length: lanes }, (_, lane) =>
    Float32Array.from(all.subarray(lane * count, (lane + 1) * count), (peak) => peak / 255));
}

export class Player {
  constructor(root, words) {
    this.audio = document.getElementById("audio");
    this.root = root;
    this.words = words;
    this.duration = Number(root.dataset.duration);
    if (!this.audio) return;
    this.speed = this.remembered();
    this.button = document.getElementById("play");
    const clockbox = document.getElementById("now");
    this.button.addEventListener("click", () => this.toggle());
    for (const event of ["play", "pause", "ended"]) this.audio.addEventListener(event, () => this.showState());
    this.audio.addEventListener("timeupdate", () => { clockbox.textContent = clock(this.audio.currentTime); });
    document.getElementById("slower").addEventListener("click", () => this.step(-1));
    document.getElementById("faster").addEventListener("click", () => this.step(1));
    for (const button of document.querySelectorAll("[data-seek]"))
      button.addEventListener("click", () => this.skip(Number(button.dataset.seek)));
    this.audio.addEventListener("loadedmetadata", () => this.applySpeed());
    this.applySpeed();
    this.draw();
  }

  get time() { return this.audio ? this.audio.currentTime : 0; }

  async draw() {
    const call = encodeURIComponent(this.root.dataset.call);
    const response = await fetch(`/peaks?call=${call}`);
    if (!response.ok) return;
    const peaks = readPeaks(await response.arrayBuffer());
    const named = this.root.dataset.lanes.split(",");
    // The agent above, as the names beside the lanes say.
    const order = peaks.map((_, i) => i).sort((a, b) => (named[b] === "agent") - (named[a] === "agent"));
    const roles = order.map((i) => named[i]);
    const lane = (role) => ({
      waveColor: color(role === "customer" ? "--customer" : role === "agent" ? "--agent" : "--soft"),
      progressColor: color("--ink"), height: peaks.length === 1 ? 72 : 52,
    });
    this.regions = RegionsPlugin.create();
    this.wave = WaveSurfer.create({
      container: "#wave", media: this.audio, peaks: order.map((i) => peaks[i]), duration: this.duration, cspNonce: this.root.dataset.nonce,
      splitChannels: peaks.map((_, i) => lane(roles[i])), cursorColor: color("--ink"), cursorWidth: 2,
      hideScrollbar: true, normalize: true, dragToSeek: true, plugins: [this.regions],
    });
    for (const chip of document.querySelectorAll("#findings .chip[data-from]")) this.mark(chip);
    this.regions.on("region-clicked", (region, event) => {
      event.stopPropagation();
      this.onFinding?.(region.chip);
    });
  }

  mark(chip) {
    const grade = ["sev0", "sev1", "sev2"].find((name) => chip.classList.contains(name));
    const base = chip.classList.contains("o-fail") ? color(`--${grade}`) : chip.classList.contains("o-pass") ? color("--good") : color("--soft");
    const region = this.regions.addRegion({
      start: Number(chip.dataset.from), end: Math.max(Number(chip.dataset.to), Number(chip.dataset.from) + 0.05),
      drag: false, resize: false, color: `color-mix(in srgb, ${base} 34%, transparent)`,
    });
    region.chip = chip;
    if (region.element) {
      region.element.style.minWidth = "3px";
      region.element.title = chip.textContent.trim().replace(/\s+/g, " ");
    }
  }

  remembered() {
    try { const kept = Number(localStorage.getItem(PREFERENCE)); return SPEEDS.includes(kept) ? kept : 1; } catch { return 1; }
  }

  step(by) {
    if (!this.audio) return;
    const at = SPEEDS.indexOf(this.speed) + by;
    this.speed = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at))];
    try { localStorage.setItem(PREFERENCE, String(this.speed)); } catch { /* a browser without storage */ }
    this.applySpeed();
  }

  applySpeed() {
    this.audio.preservesPitch = true;
    this.audio.playbackRate = this.speed;
    document.getElementById("speed").textContent = `${this.speed}×`;
  }

  showState() { this.button.textContent = this.audio.paused ? this.words.play : this.words.pause; }

  toggle() { if (this.audio) { if (this.audio.paused) this.audio.play(); else this.audio.pause(); } }

  seek(seconds) { if (this.audio) this.audio.currentTime = Math.min(this.duration, Math.max(0, seconds)); }

  skip(by) { this.seek(this.time + by); }

  hear(from) {
    if (!this.audio) return;
    this.seek(from);
    this.audio.play();
  }
}

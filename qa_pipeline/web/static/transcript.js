// The words of a call: the one that is said now is lit, and a click on a word plays from it.

export class Transcript {
  constructor(root, player) {
    this.list = document.getElementById("turns");
    this.player = player;
    this.words = [];
    if (!this.list) return;
    this.turns = [...this.list.querySelectorAll(".turn")];
    this.touched = 0;
    for (const event of ["wheel", "touchmove", "pointerdown"])
      this.list.addEventListener(event, () => { this.touched = performance.now(); }, { passive: true });
    this.list.addEventListener("click", (event) => this.clicked(event));
    if (globalThis.Highlight) {
      this.light = new Highlight();
      CSS.highlights.set("now", this.light);
    }
    this.load(root.dataset.call);
    if (player.audio) {
      const follow = () => { this.show(player.time); this.frame = player.audio.paused ? null : requestAnimationFrame(follow); };
      player.audio.addEventListener("play", () => { this.frame ??= requestAnimationFrame(follow); });
      player.audio.addEventListener("seeked", () => { this.touched = 0; this.show(player.time); });
    }
  }

  async load(call) {
    const response = await fetch(`/words?call=${encodeURIComponent(call)}`);
    if (!response.ok) return;
    const { turns } = await response.json();
    turns.forEach((words, turn) => {
      let at = 0;
      for (const [length, start, end] of words) {
        if (length) this.words.push({ turn, from: at, to: at + length, start, end });
        at += length;
      }
    });
    this.byPlace = [...this.words];
    this.words.sort((a, b) => a.start - b.start);
    this.list.dataset.ready = "yes";
  }

  wordAt(time) {
    let [low, high] = [0, this.words.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.words[middle].start <= time) low = middle + 1; else high = middle;
    }
    return this.words[low - 1];
  }

  show(time) {
    const word = this.wordAt(time + 0.02);
    if (word === this.shown) return;
    this.shown = word;
    this.light?.clear();
    const turn = word && this.turns[word.turn];
    if (turn !== this.turn) {
      this.turn?.classList.remove("now");
      turn?.classList.add("now");
      this.turn = turn;
      if (turn && performance.now() - this.touched > 4000) this.reveal(turn);
    }
    const text = turn?.querySelector("p").firstChild;
    if (!text || !this.light) return;
    // A word brings its leading space along, which is not lit.
    const space = text.data.slice(word.from, word.to).match(/^\s*/)[0].length;
    const range = new Range();
    range.setStart(text, Math.min(word.from + space, text.length));
    range.setEnd(text, Math.min(word.to, text.length));
    this.light.add(range);
  }

  reveal(turn) {
    const box = this.list.getBoundingClientRect(), row = turn.getBoundingClientRect();
    if (row.top < box.top + 20 || row.bottom > box.bottom - 60) this.list.scrollTop += row.top - box.top - box.height / 3;
  }

  clicked(event) {
    const turn = event.target.closest(".turn");
    if (!turn || getSelection().toString()) return;
    const at = this.offsetAt(event, turn);
    const index = this.turns.indexOf(turn);
    const word = at === null ? null : this.byPlace?.find((one) => one.turn === index && at >= one.from && at < one.to);
    const start = word ? word.start : Number(turn.dataset.start || NaN);
    this.touched = performance.now();
    if (!Number.isNaN(start)) this.player.hear(start);
  }

  offsetAt(event, turn) {
    const place = document.caretPositionFromPoint?.(event.clientX, event.clientY);
    const range = place ? null : document.caretRangeFromPoint?.(event.clientX, event.clientY);
    const [node, offset] = place ? [place.offsetNode, place.offset] : range ? [range.startContainer, range.startOffset] : [];
    const text = turn.querySelector("p").firstChild;
    if (!node || node !== text) return null;
    // A caret stands between letters: the one on whose half the click fell is meant.
    const before = new Range();
    before.setStart(text, Math.max(0, offset - 1));
    before.setEnd(text, offset);
    const boxes = [...before.getClientRects()];
    const onBefore = boxes.some((b) => event.clientX >= b.left && event.clientX < b.right && event.clientY >= b.top && event.clientY <= b.bottom);
    return onBefore ? offset - 1 : offset;
  }
}

// The score sheet: verdicts by click or key, shown at once, kept by the server.

export class Sheet {
  constructor(root, words, player, sender) {
    Object.assign(this, { root, words, player, sender });
    this.lines = [...document.querySelectorAll(".line[data-key]")];
    this.byKey = new Map(this.lines.map((line) => [line.dataset.key, line]));
    this.current = null;
    this.state = root.dataset.state ? JSON.parse(root.dataset.state) : null;
    this.isOpen = root.dataset.open === "yes";
    for (const line of this.lines) line.addEventListener("click", (event) => this.clicked(event, line));
    document.getElementById("undo")?.addEventListener("click", () => this.undo());
    document.getElementById("submit")?.addEventListener("click", () => this.submit());
    this.form = document.getElementById("comment");
    this.text = document.getElementById("commenttext");
    this.form?.addEventListener("submit", (event) => { event.preventDefault(); this.comment(); });
    this.text?.addEventListener("focus", () => this.startComment());
    this.text?.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) { event.preventDefault(); this.comment(); }
      if (event.key === "Escape") this.text.blur();
    });
    if (this.state) this.show(this.state);
  }

  get marks() { return `/work/${this.root.dataset.work}/marks`; }

  clicked(event, line) {
    const say = event.target.closest("[data-say]");
    this.choose(line, { scroll: false });
    if (say) this.say(say.dataset.say, { advance: false });
  }

  choose(line, { scroll = true } = {}) {
    this.current?.classList.remove("current");
    this.current = line ?? null;
    if (!line) return;
    line.classList.add("current");
    line.focus({ preventScroll: true });
    if (scroll) line.scrollIntoView({ block: "nearest" });
  }

  move(by) {
    const at = this.current ? this.lines.indexOf(this.current) + by : by > 0 ? 0 : this.lines.length - 1;
    this.choose(this.lines[Math.min(this.lines.length - 1, Math.max(0, at))]);
  }

  say(outcome, { advance = true } = {}) {
    if (!this.isOpen || !this.current) return;
    const line = this.current;
    this.press(line, outcome);
    this.send({ kind: "verdict", criterion: line.dataset.key, outcome });
    if (advance && this.lines.indexOf(line) < this.lines.length - 1) this.move(1);
  }

  undo() { if (this.isOpen && (this.state?.canUndo || !this.sender.isIdle)) this.send({ kind: "undo" }, { follow: true }); }

  startComment() {
    this.at = this.player.audio ? Math.round(this.player.time * 10) / 10 : null;
    document.getElementById("commentat").textContent = this.at === null ? "" : this.clock(this.at);
  }

  clock(seconds) { return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`; }

  comment() {
    const text = this.text.value.trim();
    if (!text || !this.isOpen) return;
    this.send({ kind: "comment", text, at: this.at ?? null, criterion: this.current?.dataset.key ?? "" });
    this.text.value = "";
    this.text.blur();
  }

  async send(mark, { follow = false } = {}) {
    const before = this.state;
    try {
      const state = await this.sender.send(this.marks, mark);
      if (!this.sender.isIdle) { this.state = state; return; }
      this.show(state);
      if (follow) this.followChange(before, state);
    } catch { /* told by the sender */ }
  }

  followChange(before, after) {
    const keys = new Set([...Object.keys(before.verdicts), ...Object.keys(after.verdicts)]);
    const changed = [...keys].find((key) => before.verdicts[key] !== after.verdicts[key]);
    if (changed) this.choose(this.byKey.get(changed));
  }

  press(line, outcome) {
    for (const button of line.querySelectorAll("[data-say]"))
      button.setAttribute("aria-pressed", String(button.dataset.say === outcome));
    line.classList.toggle("over", Boolean(outcome) && Boolean(line.dataset.machine) && line.dataset.machine !== "pending" && line.dataset.machine !== outcome);
  }

  show(state) {
    this.state = state;
    for (const line of this.lines) {
      this.press(line, state.verdicts[line.dataset.key] ?? null);
      const yours = line.querySelector("[data-yours]");
      if (yours) yours.textContent = this.root.querySelector(`[data-say="${state.verdicts[line.dataset.key]}"]`)?.textContent ?? "";
    }
    for (const card of state.cards) {
      const box = [...document.querySelectorAll("[data-figures]")].find((one) => one.dataset.figures === card.id);
      if (!box) continue;
      box.dataset.passed = String(card.passed);
      box.querySelector(".score").textContent = card.score;
      box.querySelector(".passed").textContent = card.passed === null ? this.words.undecided : card.passed ? this.words.passed : this.words.failed;
      const left = card.left.length ? `${card.left.length} ${this.words.left}` : this.words.all_judged;
      box.querySelector(".left").textContent = this.root.classList.contains("blind") ? left : `${left} · ${this.words.rest_machine}`;
    }
    const undo = document.getElementById("undo");
    if (undo) undo.disabled = !state.canUndo;
    this.showComments(state.comments);
  }

  showComments(comments) {
    const list = document.getElementById("comments");
    list?.replaceChildren(...comments.map((comment) => {
      const item = document.createElement("li");
      if (comment.at !== null) {
        const jump = document.createElement("button");
        jump.type = "button";
        jump.className = "t";
        jump.textContent = this.clock(comment.at);
        jump.title = this.words.jump_to;
        jump.addEventListener("click", () => this.player.hear(comment.at));
        item.append(jump);
      }
      const said = document.createElement("p");
      const title = comment.key && this.byKey.get(comment.key)?.querySelector(".title").textContent.trim();
      said.textContent = title ? `${title}: ${comment.text}` : comment.text;
      item.append(said);
      if (this.isOpen) {
        const remove = document.createElement("button");
        remove.type = "button";
        remove.className = "quiet";
        remove.textContent = this.words.remove;
        remove.addEventListener("click", () => this.send({ kind: "undo", undoes: comment.seq }));
        item.append(remove);
      }
      return item;
    }));
  }

  hearEvidence() {
    const chips = [...(this.current?.querySelectorAll(".chip[data-from]") ?? [])];
    if (!chips.length) return;
    const at = (chips.findIndex((chip) => chip.classList.contains("current")) + 1) % chips.length;
    this.hear(chips[at]);
  }

  hear(chip) {
    for (const other of document.querySelectorAll(".chip.current")) other.classList.remove("current");
    chip.classList.add("current");
    chip.scrollIntoView({ block: "nearest" });
    if (chip.dataset.from) this.player.hear(Number(chip.dataset.from) - 3);
  }

  async submit() {
    if (!this.isOpen) return;
    const left = this.state.cards.flatMap((card) => card.left);
    if (left.length) { this.choose(this.byKey.get(left[0])); return; }
    this.isOpen = false;
    document.getElementById("submit").disabled = true;
    try {
      const { next } = await this.sender.send(`/work/${this.root.dataset.work}/submit`, {});
      location.assign(next);
    } catch {
      this.isOpen = true;
      document.getElementById("submit").disabled = false;
    }
  }
}

// Clicks on their way to the server: one after the other, each with its key, sent again until kept.

export const newKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export class Refused extends Error {
  constructor(status, message) { super(message); this.status = status; }
}

export class Sender {
  constructor(csrf, { onState, onRefused }) {
    this.csrf = csrf;
    this.waiting = [];
    this.running = null;
    this.onState = onState;
    this.onRefused = onRefused;
    addEventListener("beforeunload", (event) => { if (this.waiting.length) event.preventDefault(); });
    addEventListener("online", () => this.wake?.());
  }

  get isIdle() { return this.waiting.length === 0; }

  // Resolves with the answer; nothing is given up but what the server refuses.
  send(url, body) {
    return new Promise((resolve, reject) => {
      this.waiting.push({ url, body, key: newKey(), resolve, reject });
      this.onState("saving");
      this.running ??= this.run().finally(() => { this.running = null; });
    });
  }

  async run() {
    let pause = 400;
    while (this.waiting.length) {
      const one = this.waiting[0];
      try {
        const answer = await this.post(one);
        this.waiting.shift();
        pause = 400;
        one.resolve(answer);
      } catch (error) {
        if (error instanceof Refused && error.status !== 401) {
          this.waiting.shift();
          this.onRefused(error);
          one.reject(error);
          continue;
        }
        this.onState("unsaved", error instanceof Refused ? error : null);
        await new Promise((wake) => { this.wake = wake; setTimeout(wake, pause); });
        pause = Math.min(pause * 2, 8000);
      }
    }
    this.onState("saved");
  }

  async post({ url, body, key }) {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json", accept: "application/json", "x-csrf-token": this.csrf, "idempotency-key": key,
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(15000),
    });
    if (response.ok) return response.json();
    if (response.status >= 500 || response.status === 408) throw new Error(`server: ${response.status}`);
    const said = await response.json().catch(() => ({ error: String(response.status) }));
    throw new Refused(response.status, said.error);
  }
}

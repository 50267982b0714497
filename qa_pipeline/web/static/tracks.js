// Level and pitch under the wave, drawn when somebody asks for them.

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const RANGES = { level_dbfs: [-70, 0], pitch_hz: [60, 400] };

export function tracksBox(root, player) {
  const box = document.getElementById("showtracks"), canvas = document.getElementById("tracks");
  if (!box) return;
  let tracks = null;
  const draw = () => { if (tracks && !canvas.hidden) paint(canvas, tracks, player.duration); };
  box.addEventListener("change", async () => {
    canvas.hidden = !box.checked;
    if (box.checked && !tracks) {
      const response = await fetch(`/tracks?call=${encodeURIComponent(root.dataset.call)}`);
      if (response.ok) ({ tracks } = await response.json());
    }
    draw();
  });
  addEventListener("resize", draw);
}

function paint(canvas, tracks, duration) {
  const scale = devicePixelRatio || 1;
  canvas.width = canvas.clientWidth * scale;
  canvas.height = canvas.clientHeight * scale;
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  const [width, half] = [canvas.clientWidth, canvas.clientHeight / 2];
  for (const track of tracks) {
    const [low, high] = RANGES[track.kind], top = track.kind === "pitch_hz" ? half : 0;
    pen.strokeStyle = color(track.role === "customer" ? "--customer" : track.role === "agent" ? "--agent" : "--soft");
    pen.lineWidth = 1;
    pen.beginPath();
    let last = null;
    track.values.forEach((value, i) => {
      const x = ((i * track.hop) / duration) * width;
      const y = value === null ? null : top + (half - 4) * (1 - Math.min(1, Math.max(0, (value - low) / (high - low)))) + 2;
      if (y !== null) { if (last === null) pen.moveTo(x, y); else pen.lineTo(x, y); }
      last = y;
    });
    pen.stroke();
  }
  pen.fillStyle = color("--soft");
  pen.font = "11px sans-serif";
  pen.fillText("dBFS", 4, 12);
  pen.fillText("Hz", 4, half + 12);
}

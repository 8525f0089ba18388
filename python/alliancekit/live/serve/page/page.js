"use strict";
// One session over the event stream. fetch and not EventSource, which cannot send a token.

const MOST_POINTS = 400;
const WIDTH = 800, HEIGHT = 260, MARGIN = 12;
const SIDES = ["patient", "therapist"];
const element = (id) => document.getElementById(id);

let points = [];
let latest = null;
let following = null;

function headers() {
  const token = element("token").value;
  return token ? { Authorization: `Bearer ${token}` } : {};
}

function address(session, rest = "") {
  return `/sessions/${encodeURIComponent(session)}${rest}`;
}

function say(words) {
  element("link").textContent = words;
}

async function follow(session) {
  if (following) following.abort();
  following = new AbortController();
  points = [];
  latest = null;
  location.hash = new URLSearchParams({ session }).toString();
  const { signal } = following;
  while (!signal.aborted) {
    try {
      await read(session, signal);
      say("the server closed the stream; trying again");
    } catch (error) {
      if (signal.aborted) return;
      say(error.message);
      if (error.fatal) return;
    }
    await new Promise((resume) => setTimeout(resume, 2000));
  }
}

async function read(session, signal) {
  const response = await fetch(address(session, "/events"), { headers: headers(), signal });
  if (!response.ok) await refuse(response);
  say("following");
  await catchUp(session, signal);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    for (const event of events) take(event);
  }
}

async function refuse(response) {
  const problem = await response.json().catch(() => ({ error: { message: "" } }));
  const error = new Error(`refused (${response.status}): ${problem.error.message}`);
  error.fatal = response.status !== 503 && response.status !== 429;
  throw error;
}

async function catchUp(session, signal) {
  const response = await fetch(address(session), { headers: headers(), signal });
  if (response.ok) show(await response.json());
}

function take(event) {
  const data = event.split("\n").filter((line) => line.startsWith("data: ")).map((line) => line.slice(6));
  if (!data.length) return;
  const update = JSON.parse(data.join("\n"));
  points.push(update);
  points = points.slice(-MOST_POINTS);
  show(update);
}

function show(update) {
  latest = update;
  offerScales(Object.keys(update.running));
  const numbers = update.running[element("scale").value];
  element("patient").textContent = shown(numbers.patient_mean);
  element("therapist").textContent = shown(numbers.therapist_mean);
  element("gap").textContent = shown(numbers.gap);
  element("turns").textContent = update.turn_index === null ? "-" : update.turn_index + 1;
  element("signals").replaceChildren(...update.signals.map(row));
  draw();
}

function shown(number) {
  return number === null ? "-" : number.toFixed(4);
}

function offerScales(scales) {
  const choice = element("scale");
  if (choice.options.length === scales.length) return;
  choice.replaceChildren(...scales.map((scale) => new Option(scale, scale)));
  choice.value = scales[scales.length - 1];
}

function row(signal) {
  const name = signal.scale ? `${signal.signal} (${signal.scale})` : signal.signal;
  const state = cell(signal.state);
  state.className = signal.state;
  if (signal.reason) state.title = signal.reason;
  const line = document.createElement("tr");
  line.append(cell(name), state, cell(signal.turns.join(", ")));
  return line;
}

function cell(text) {
  const made = document.createElement("td");
  made.textContent = text;
  return made;
}

function draw() {
  const scale = element("scale").value;
  const scored = points.filter((update) => update[scale] !== null);
  const values = scored.flatMap((update) => [update[scale]]);
  const low = Math.min(...values), high = Math.max(...values);
  const first = points.length ? points[0].turn_index : 0;
  const span = points.length ? points[points.length - 1].turn_index - first : 0;
  const x = (turn) => MARGIN + ((turn - first) / Math.max(span, 1)) * (WIDTH - 2 * MARGIN);
  const y = (score) => HEIGHT - MARGIN - ((score - low) / Math.max(high - low, 1e-9)) * (HEIGHT - 2 * MARGIN);
  const dots = scored.map((update) =>
    drawn("circle", { class: update.role, cx: x(update.turn_index), cy: y(update[scale]), r: 4 }));
  const lines = SIDES.map((side) => drawn("polyline", { class: side, points: points
    .filter((update) => update.running[scale][`${side}_mean`] !== null)
    .map((update) => `${x(update.turn_index)},${y(update.running[scale][`${side}_mean`])}`).join(" ") }));
  element("chart").replaceChildren(...dots, ...lines);
}

function drawn(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

element("choice").addEventListener("submit", (event) => {
  event.preventDefault();
  follow(element("session").value);
});
element("scale").addEventListener("change", () => latest && show(latest));
const asked = new URLSearchParams(location.hash.slice(1)).get("session");
if (asked) {
  element("session").value = asked;
  follow(asked);
}

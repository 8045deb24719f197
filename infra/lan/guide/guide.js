// Chooses the device's own steps, and sees by itself when the device trusts the authority: then HTTPS answers.
const LOOK_MS = 3000;
const PATIENCE_MS = 4000;
const { address } = document.body.dataset;
const again = document.getElementById("again");

function platform() {
  const agent = navigator.userAgent;
  if (/Android/.test(agent)) return "android";
  // An iPad says that it is a Mac; no Mac has a touch screen.
  if (/iPad|iPhone/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1)) return "ipad";
  return /Windows/.test(agent) ? "windows" : "other";
}

async function isTrusted() {
  const signal = AbortSignal.timeout?.(PATIENCE_MS);
  return fetch(`${address}/health/live`, { cache: "no-store", credentials: "omit", signal }).then(
    (answer) => answer.ok,
    () => false,
  );
}

async function look() {
  const was = document.body.dataset.trust;
  const trusted = await isTrusted();
  document.body.dataset.trust = trusted ? "yes" : "no";
  if (trusted !== (was === "yes")) {
    document.getElementById("trust").open = !trusted;
    if (trusted) scrollTo({ top: 0 });
  }
  return trusted;
}

async function keepLooking() {
  const trusted = !document.hidden && (await look());
  if (!trusted) setTimeout(keepLooking, LOOK_MS);
}

document.querySelector(`input[value="${platform()}"]`).checked = true;
again.addEventListener("click", () => {
  document.body.dataset.trust = "wait";
  look();
});
// Back from the settings: look at once.
document.addEventListener("visibilitychange", () => document.hidden || look());
keepLooking();

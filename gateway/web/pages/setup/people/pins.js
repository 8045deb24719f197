// PINs for many people at once, and slips of paper to hand out: each PIN is shown here once, and nowhere again.
import { html, useState } from "/js/lib/html.js";
import { patch } from "/js/lib/api.js";
import { number } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { site } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Notice, problemText } from "/js/components/feedback.js";
import { Dialog } from "/js/components/sheet.js";

/** Six digits that are no run and hold at least four different ones. */
export function randomPin() {
  for (;;) {
    const pin = Array.from(crypto.getRandomValues(new Uint32Array(6)), (n) => n % 10).join("");
    if (new Set(pin).size >= 4 && !"01234567890".includes(pin) && !"09876543210".includes(pin)) return pin;
  }
}

const Slip = ({ given }) =>
  html`<li class="pin-slip" data-testid="pin-${given.person.code}">
    <small>${local(site.value?.name)}</small>
    <b>${local(given.person.name)}</b>
    <span>${given.person.code}</span>
    <strong>${given.pin}</strong>
    <small>${t("pins.slip")}</small>
  </li>`;

/** `people` get new PINs; what they had ends. `onDone()` when all is said. */
export function GivePins({ people, onClose, onDone }) {
  const [done, setDone] = useState(null);
  const [running, setRunning] = useState(0);
  const replaced = people.filter((person) => person.has_pin).length;
  const give = async () => {
    const given = [];
    let problem = null;
    for (const [index, person] of people.entries()) {
      setRunning(index + 1);
      const pin = randomPin();
      try {
        await patch(`/people/${encodeURIComponent(person.code)}`, { pin });
        given.push({ person, pin });
      } catch (error) {
        problem = error; // what was given stays given, and is printed
        break;
      }
    }
    setRunning(0);
    setDone({ given, problem });
  };
  return html`<${Dialog}
    open
    onClose=${done ? onDone : onClose}
    title=${done ? t("pins.given", { n: number(done.given.length) }) : t("pins.title", { n: number(people.length) })}
    class="pins"
    data-testid="pins"
    actions=${
      done
        ? html`
            <${Button} onClick=${onDone} data-testid="pins-close">${t("action.close")}<//>
            <${Button} kind="primary" icon="print" data-testid="pins-print" onClick=${() => print()}>
              ${t("pins.print")}
            <//>
          `
        : html`
            <${Button} onClick=${onClose}>${t("action.cancel")}<//>
            <${Button} kind="primary" busy=${running > 0} data-testid="pins-give" onClick=${give}>
              ${running ? `${running}/${people.length}` : t("pins.give")}
            <//>
          `
    }
  >
    ${done?.problem && html`<${Notice} tone="stop" title=${problemText(done.problem)} />`}
    ${
      done
        ? html`<p class="muted">${t("pins.once")}</p>
            <ul class="pin-slips">
              ${done.given.map((given) => html`<${Slip} key=${given.person.code} given=${given} />`)}
            </ul>`
        : html`<p class="muted">${t("pins.text")}</p>
            ${replaced > 0 && html`<${Notice} tone="warn" title=${t("pins.replaced", { n: number(replaced) })} />`}`
    }
  <//>`;
}

// An enrolled tablet: who are you, then the PIN; or a badge at any moment.
import { html, useEffect, useRef, useState } from "/js/lib/html.js";
import { useAction } from "/js/lib/action.js";
import { UnknownPerson, WrongSecret } from "/js/floor/people.js";
import { LANGUAGES, local, t } from "/js/lib/i18n.js";
import { useScanner } from "/js/lib/scanner.js";
import { signIn } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Empty, Notice, problemText } from "/js/components/feedback.js";
import { LanguageSelect } from "/js/components/personal.js";
import { PinPad } from "/js/components/touch.js";

const PIN_DIGITS = 6;
const initials = (name) =>
  /^[가-힣]/.test(name)
    ? name.slice(0, 1)
    : name
        .split(/\s+/)
        .slice(-2)
        .map((word) => word[0])
        .join("");
/** Why somebody did not get in; also where the tablet itself had to know. */
function refusal(error) {
  if (error instanceof WrongSecret) return error.locked ? t("sign_in.offline_locked") : t("sign_in.offline_wrong");
  return error instanceof UnknownPerson ? t("sign_in.offline_unknown") : problemText(error);
}
const Face = ({ person }) => html`<span class="face" aria-hidden="true">${initials(local(person.name))}</span>`;

function Pin({ person, enter, onBack }) {
  const [pin, setPin] = useState("");
  const input = useRef(null);
  useEffect(() => input.current.focus(), []);
  useEffect(() => {
    if (enter.problem) setPin("");
  }, [enter.problem]);
  const go = (digits) => digits.length === PIN_DIGITS && enter.go({ person: person.code, pin: digits });
  const change = (digits) => {
    setPin(digits);
    enter.forget();
  };
  // The sixth touch on the pad signs in; typed digits wait for Enter or the button.
  const touch = (digits) => {
    change(digits);
    go(digits);
  };
  const submit = (event) => {
    event.preventDefault();
    go(pin);
  };
  return html`<form class="pin" onSubmit=${submit}>
    <div class="pin-person">
      <${Face} person=${person} />
      <h2>${local(person.name)}</h2>
      <p class="muted">${t("sign_in.pin_text", { n: PIN_DIGITS })}</p>
      ${enter.problem && html`<${Notice} tone="stop" title=${refusal(enter.problem)} />`}
      ${enter.waiting && html`<${Notice} tone="warn" icon="wifi_off" title=${t("problem.no_answer")} />`}
      <${Button} size="tall" icon="back" onClick=${onBack}>${t("sign_in.other_person")}<//>
    </div>
    <div class="pin-entry">
      <div class="pin-dots ${enter.problem ? "wrong" : ""}">
        ${Array.from({ length: PIN_DIGITS }, (_, place) => html`<i class=${place < pin.length ? "on" : ""}></i>`)}
        <input
          ref=${input}
          inputmode="none"
          autocomplete="off"
          aria-label="PIN"
          data-testid="sign-in-pin"
          value=${pin}
          onInput=${(event) => change(event.currentTarget.value.replace(/\D/g, "").slice(0, PIN_DIGITS))}
        />
      </div>
      <${PinPad} value=${pin} onChange=${touch} digits=${PIN_DIGITS} />
      <${Button}
        kind="primary"
        type="submit"
        busy=${enter.busy}
        disabled=${pin.length !== PIN_DIGITS}
        data-testid="sign-in-submit"
      >
        ${t("sign_in.submit")}
      <//>
    </div>
  </form>`;
}

export function Crew({ device, onSignedIn, onPassword }) {
  const [person, setPerson] = useState(null);
  const enter = useAction((_key, credentials) => signIn(credentials), { done: onSignedIn, failed: () => {} });
  useScanner(
    (badge) => enter.go({ badge }),
    (code) => Boolean(person) && /^\d+$/.test(code) && code.length === PIN_DIGITS,
  );
  const choose = (one) => {
    enter.forget();
    setPerson(one);
  };
  const people = device.people.filter((one) => one.has_pin);
  return html`<div class="gate crew operator">
    <header class="gate-head">
      <img src="/icons/mark.svg" alt="" width="32" height="32" />
      <h1>${device.machine || device.name}</h1>
      <span class="muted grow ellipsis">${device.machine ? device.name : ""}</span>
      <${LanguageSelect} />
    </header>
    <main class="crew-body">
      ${
        person
          ? html`<${Pin} person=${person} enter=${enter} onBack=${() => choose(null)} />`
          : html`
              <div class="crew-lead"><h2>${t("sign_in.who")}</h2><p>${t("sign_in.badge")}</p></div>
              ${
                enter.problem &&
                html`<div style=${{ marginBottom: "14px" }}>
                  <${Notice} tone="stop" title=${refusal(enter.problem)} />
                </div>`
              }
              ${
                people.length
                  ? html`<div class="tiles">
                      ${people.map(
                        (one) => html`<button
                          type="button"
                          class="tile"
                          key=${one.code}
                          data-testid="sign-in-person"
                          data-code=${one.code}
                          onClick=${() => choose(one)}
                        >
                          <${Face} person=${one} />
                          <span class="grow">
                            ${local(one.name)}
                            <small>
                              ${one.code}
                              ${
                                one.languages?.[0] && one.languages[0] !== "ko"
                                  ? ` · ${LANGUAGES[one.languages[0]] ?? one.languages[0]}`
                                  : ""
                              }
                            </small>
                          </span>
                        </button>`,
                      )}
                    </div>`
                  : html`<${Empty} icon="people" title=${t("sign_in.no_people")} text=${t("sign_in.no_people_text")} />`
              }
              <p class="crew-foot">
                <${Button} kind="quiet" icon="key" onClick=${onPassword}>${t("sign_in.by_password")}<//>
              </p>
            `
      }
    </main>
  </div>`;
}

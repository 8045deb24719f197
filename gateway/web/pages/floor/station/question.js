// One question before something that is far from what is usual: it is done when it is confirmed.
import { html } from "/js/lib/html.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { Dialog } from "/js/components/sheet.js";

/** `question` is {title, text, yes, run}, or null. */
export function Question({ question, onClose }) {
  const run = () => {
    onClose();
    question.run();
  };
  return html`<${Dialog}
    open=${Boolean(question)}
    onClose=${onClose}
    title=${question?.title}
    data-testid="question"
    actions=${html`
      <${Button} size="tall" icon="back" data-testid="question-no" onClick=${onClose}>${t("question.no")}<//>
      <${Button} kind="primary" size="tall" icon="check" data-testid="question-yes" onClick=${run}>
        ${question?.yes}
      <//>
    `}
  >
    <p class="question-text">${icon("warning")}<span>${question?.text}</span></p>
  <//>`;
}

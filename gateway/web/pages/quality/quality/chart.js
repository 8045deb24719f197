// A Pareto: bars of scrap, the largest first, and the line of their running share.
import { html, useEffect, useRef, useState } from "/js/lib/html.js";
import { number, percent } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { Picture } from "/js/components/picture.js";

const HEIGHT = 340;
const EDGE = { top: 30, right: 46, bottom: 46, left: 10 };
const PICTURE = 44;
const FEWEST_PX = 64;
const KOREAN_PX = 13;
const LATIN_PX = 7.6;
const VITAL = 0.8;

/** The width of an element, as it changes. */
function useWidth() {
  const box = useRef(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const watcher = new ResizeObserver(([entry]) => setWidth(Math.round(entry.contentRect.width)));
    watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);
  return [box, width];
}

/** As much of a text as `room` pixels hold. */
function fit(text, room) {
  let used = 0;
  for (let index = 0; index < text.length; index += 1) {
    used += text.codePointAt(index) > 0x2e80 ? KOREAN_PX : LATIN_PX;
    if (used > room) return `${text.slice(0, Math.max(1, index - 1))}…`;
  }
  return text;
}

/** As many bars as there is room for; what is over becomes one grey bar. */
function gather(bars, most) {
  if (bars.length <= most) return bars;
  const rest = bars.slice(most - 1);
  const quantity = rest.reduce((sum, bar) => sum + bar.quantity, 0);
  return [
    ...bars.slice(0, most - 1),
    {
      key: "",
      label: t("quality.rest", { n: rest.length }),
      quantity,
      share: rest.reduce((sum, bar) => sum + bar.share, 0),
      cumulative: 1,
      rest: true,
    },
  ];
}

/** `onOpen(bar)` for a touch on one; bars: [{key, label, picture_id, quantity, share, cumulative}] with numbers. */
export function Pareto({ bars, onOpen }) {
  const [box, width] = useWidth();
  const inner = Math.max(0, width - EDGE.left - EDGE.right);
  const shown = gather(bars, Math.max(3, Math.floor(inner / FEWEST_PX)));
  const most = Math.max(...shown.map((bar) => bar.quantity), 1);
  const slot = Math.min(150, inner / shown.length);
  const bar = Math.min(72, slot * 0.62);
  const below = shown.some((one) => one.picture_id) ? PICTURE + 10 : 0;
  const height = HEIGHT + below;
  const floor = HEIGHT - EDGE.bottom;
  const tall = floor - EDGE.top;
  const x = (index) => EDGE.left + slot * (index + 0.5);
  const y = (share) => floor - tall * share;
  const points = shown.map((one, index) => `${x(index)},${y(one.cumulative)}`).join(" ");
  const end = EDGE.left + inner;
  return html`<div ref=${box}>
    ${
      width > 0 &&
      html`<svg
        height=${height}
        viewBox="0 0 ${width} ${height}"
        role="group"
        aria-label=${t("quality.chart_label", { first: shown[0].label, share: percent(shown[0].share) })}
      >
        ${[0.5, 1].map(
          (share) =>
            html`
              <line class="grid" x1=${EDGE.left} x2=${end} y1=${y(share)} y2=${y(share)} />
              <text class="quiet" x=${end + 8} y=${y(share) + 4}>${percent(share)}</text>
            `,
        )}
        <line class="limit" x1=${EDGE.left} x2=${end} y1=${y(VITAL)} y2=${y(VITAL)} />
        <text class="quiet" x=${end + 8} y=${y(VITAL) + 4}>${percent(VITAL)}</text>
        ${shown.map((one, index) => {
          const high = (tall * one.quantity) / most;
          const words = `${one.label}: ${number(one.quantity)} · ${percent(one.share, 1)}`;
          const opens = !one.rest && {
            role: "button",
            tabindex: 0,
            "data-testid": `pareto-${one.key}`,
            onClick: () => onOpen(one),
            onKeyDown: (event) => event.key === "Enter" && onOpen(one),
          };
          return html`<g class="hit" key=${one.key} ...${opens}>
            <title>${words}</title>
            <rect
              class="bar ${one.rest ? "rest" : ""}"
              x=${x(index) - bar / 2}
              y=${floor - high}
              width=${bar}
              height=${high}
              rx="5"
            />
            <text x=${x(index)} y=${floor + 20} text-anchor="middle">${fit(one.label, slot - 6)}</text>
            <text class="quiet" x=${x(index)} y=${floor + 38} text-anchor="middle">${percent(one.share)}</text>
            ${
              one.picture_id &&
              html`<foreignObject x=${x(index) - PICTURE / 2} y=${floor + 50} width=${PICTURE} height=${PICTURE}>
                <${Picture} id=${one.picture_id} service="quality" glyph="picture" />
              </foreignObject>`
            }
          </g>`;
        })}
        <line class="base" x1=${EDGE.left} x2=${end} y1=${floor} y2=${floor} />
        <polyline class="sum" points=${points} />
        ${shown.map(
          (one, index) => html`<circle class="dot" key=${one.key} cx=${x(index)} cy=${y(one.cumulative)} r="4" />`,
        )}
        ${shown.map((one, index) => {
          // The number stands in its bar when the line runs close above it.
          const top = floor - (tall * one.quantity) / most;
          const crowded = Math.abs(top - 12 - y(one.cumulative)) < 16;
          const inside = crowded && floor - top > 30;
          return html`<text
            class="value"
            key=${one.key}
            x=${x(index)}
            y=${inside ? top + 30 : top - 9}
            text-anchor="middle"
          >
            ${number(one.quantity)}
          </text>`;
        })}
      </svg>`
    }
  </div>`;
}

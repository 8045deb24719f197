// What a careful person sees on a page: its words, what sticks out of it, what cannot be touched, and what is hard to
// read.
(what) => {
  const shown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const own = (element) =>
    [...element.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => node.textContent.trim())
      .join(" ")
      .trim();
  const name = (element) => `${element.tagName.toLowerCase()}.${[...element.classList].join(".")}`;

  if (what === "words") {
    const words = [];
    for (const element of document.querySelectorAll("body *")) {
      if (!shown(element) || element.closest("script, style")) continue;
      const texts = [
        own(element),
        ...["aria-label", "placeholder", "title", "alt"].map((attribute) => element.getAttribute(attribute) ?? ""),
      ];
      words.push(...texts.flatMap((text) => text.split(/\s+/)).filter(Boolean));
    }
    return { words };
  }

  if (what === "overflow") {
    const width = document.documentElement.clientWidth;
    const inside = (element) => {
      for (let at = element; at && at !== document.body; at = at.parentElement) {
        if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(at).overflowX)) return true;
      }
      return false;
    };
    const out = [...document.querySelectorAll("body *")].filter(
      (element) => shown(element) && element.getBoundingClientRect().right > width + 1 && !inside(element),
    );
    // on a phone a table may be pushed sideways, and so may pills; on anything larger nothing may but a picture that
    // says so
    const pushed =
      width < 700
        ? []
        : [...document.querySelectorAll("body *")].filter(
            (element) =>
              shown(element) &&
              !element.hasAttribute("data-pan") &&
              ["auto", "scroll"].includes(getComputedStyle(element).overflowX) &&
              element.scrollWidth > element.clientWidth + 1,
          );
    const page = Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - width;
    return {
      page,
      pushed: pushed.map((element) => `${name(element)} ${element.scrollWidth - element.clientWidth}`),
      out: out.map((element) => `${name(element)} ${Math.round(element.getBoundingClientRect().right)}`),
    };
  }

  if (what === "controls") {
    // A control is where it is seen: what a box that scrolls hides does not count, what is fixed stands above the rest.
    const CONTROLS = "button, a[href], input:not(label input), select, textarea, label:has(input)";
    const FIGURES = ".count, .job-pace, .job-middle, .shift-sums, .queue li, .finish-facts, .keypad, .log-entry";
    const top = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
    const styles = new Map();
    const styleOf = (element) => styles.get(element) ?? styles.set(element, getComputedStyle(element)).get(element);
    const upward = function* (element) {
      for (let at = element; at && at !== document.documentElement; at = at.parentElement) yield at;
    };
    const both = (a, b) => ({
      left: Math.max(a.left, b.left),
      right: Math.min(a.right, b.right),
      top: Math.max(a.top, b.top),
      bottom: Math.min(a.bottom, b.bottom),
    });
    const wide = ({ left, right }) => Math.max(0, right - left);
    const high = ({ top: begins, bottom }) => Math.max(0, bottom - begins);
    const screen = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
    const scrolls = document.documentElement.scrollHeight > innerHeight + 1;
    const seen = [...top.querySelectorAll(CONTROLS)]
      .filter((one) => shown(one) && !one.closest(".visually-hidden, .toasts"))
      .map((element) => {
        const { left, right, top: begins, bottom, width, height } = element.getBoundingClientRect();
        const box = { left, right, top: begins, bottom, width, height };
        const parts = [...upward(element)];
        const fixed = parts.find((one) => ["fixed", "sticky"].includes(styleOf(one).position)) ?? null;
        const scroller = parts.slice(1).find((one) => ["auto", "scroll"].includes(styleOf(one).overflowY));
        const area = scroller ? both(box, scroller.getBoundingClientRect()) : box;
        return { element, box, area, fixed, pushed: Boolean(scroller) || (scrolls && !fixed) };
      });
    const label = ({ element }) => element.dataset.testid ?? `${name(element)} “${own(element)}”`;
    const said = ({ element, box }) =>
      `${element.dataset.testid ?? name(element)} ${Math.round(box.width)}×${Math.round(box.height)} at ` +
      `${Math.round(box.left)},${Math.round(box.top)}`;
    const within = (box, frame) =>
      box.left >= frame.left - 1 &&
      box.right <= frame.right + 1 &&
      box.top >= frame.top - 1 &&
      box.bottom <= frame.bottom + 1;
    const outside = seen.filter((one) => !within(one.pushed ? { ...one.box, top: 0, bottom: 0 } : one.box, screen));
    const visible = seen.filter(({ area }) => wide(area) > 1 && high(area) > 1);
    const overlapping = visible.flatMap((one, place) =>
      visible
        .slice(place + 1)
        .filter((other) => {
          const shared = both(one.area, other.area);
          const apart = one.fixed !== other.fixed && scrolls;
          const nested = one.element.contains(other.element) || other.element.contains(one.element);
          return !apart && !nested && wide(shared) > 1 && high(shared) > 1;
        })
        .map((other) => `${label(one)} and ${label(other)}`),
    );
    const covered = visible.filter(({ element, area, fixed }) => {
      const x = (area.left + area.right) / 2;
      const y = (area.top + area.bottom) / 2;
      if (!within({ left: x, right: x, top: y, bottom: y }, screen) || (scrolls && !fixed)) return false;
      const hit = document.elementFromPoint(x, y);
      return !(hit && (element.contains(hit) || hit.contains(element)));
    });
    const cut = [...top.querySelectorAll("button *, a *, label *, button, .count dd, .job-counts *")].filter((one) => {
      const style = styleOf(one);
      const hides = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
      return (
        shown(one) &&
        own(one) &&
        !hides &&
        !one.closest(".visually-hidden") &&
        one.scrollWidth > one.clientWidth + 1 &&
        one.clientWidth > 0
      );
    });
    const figures = [...top.querySelectorAll(".count")].filter((box) =>
      [...box.querySelectorAll("b, dd > span")].some(
        (one) => one.getBoundingClientRect().right > box.getBoundingClientRect().right + 1,
      ),
    );
    const least = innerWidth > 760 ? 79.5 : 0;
    const small = seen.filter(({ box }) => box.width < least || box.height < least);
    const news = [...document.querySelectorAll(".toast")];
    const toasts = news.map((one) => one.getBoundingClientRect());
    const counted = [...top.querySelectorAll(FIGURES)].filter(shown).map((element) => {
      const box = element.getBoundingClientRect();
      const parts = [...upward(element)];
      const scroller = parts.slice(1).find((one) => ["auto", "scroll"].includes(styleOf(one).overflowY));
      const fixed = parts.some((one) => ["fixed", "sticky"].includes(styleOf(one).position));
      return { element, box, area: scroller ? both(box, scroller.getBoundingClientRect()) : box, fixed };
    });
    const below = [...visible, ...counted].filter(({ area }) =>
      toasts.some((toast) => wide(both(area, toast)) > 1 && high(both(area, toast)) > 1),
    );
    const unread = news.filter(
      (one) =>
        one.scrollHeight > one.clientHeight + 1 ||
        one.scrollWidth > one.clientWidth + 1 ||
        !within(one.getBoundingClientRect(), screen),
    );
    return {
      outside: outside.map(said),
      overlapping,
      covered: covered.map(said),
      cut: [...cut, ...figures, ...unread].map((one) => `${name(one)} “${one.textContent.trim()}”`),
      small: small.map(said),
      below: below.map(said),
      seen: visible
        .filter(({ box, pushed }) => !pushed && within(box, screen))
        .map(({ element }) => element.dataset.testid)
        .filter(Boolean),
    };
  }

  // contrast, as WCAG 2.2 counts it; a canvas turns any colour of CSS into sRGB
  const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", {
    willReadFrequently: true,
  });
  const once =
    (work, known = new Map()) =>
    (key) => {
      if (!known.has(key)) known.set(key, work(key));
      return known.get(key);
    };
  const parsed = once((css) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = css;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return { rgb: [r, g, b], a: a / 255 };
  });
  const over = (top, a, below) => top.map((value, place) => value * a + below[place] * (1 - a));
  const background = once((element) => {
    if (!element) return [255, 255, 255];
    const mine = parsed(getComputedStyle(element).backgroundColor);
    return mine.a >= 1 ? mine.rgb : over(mine.rgb, mine.a, background(element.parentElement));
  });
  const opacityOf = once((element) =>
    element ? Number(getComputedStyle(element).opacity) * opacityOf(element.parentElement) : 1,
  );
  const light = (rgb) => {
    const [r, g, b] = rgb
      .map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = [];
  for (const element of document.querySelectorAll("body *")) {
    const text = own(element);
    if (!text || !shown(element) || element.closest(".visually-hidden, :disabled, option, [aria-hidden='true']"))
      continue;
    const style = getComputedStyle(element);
    const below = background(element);
    const { rgb, a } = parsed(element instanceof SVGElement ? style.fill : style.color);
    const [high, low] = [light(over(rgb, a * opacityOf(element), below)), light(below)].sort((x, y) => y - x);
    const ratio = (high + 0.05) / (low + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const enough = element.closest(".operator") ? [7, 4.5] : [4.5, 3]; // an operator reads at two metres, in glare
    if (ratio < enough[Number(large)]) faint.push(`${name(element)} “${text.slice(0, 30)}” ${ratio.toFixed(2)}`);
  }
  return { faint };
};

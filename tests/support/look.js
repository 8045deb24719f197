// What a careful person sees on a page: its words, what sticks out of it, and what is hard to read.
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

// One place to take the view library from: `import { html, useState, signal } from "/js/lib/html.js"`.
import { h } from "/vendor/preact.mjs";
import htm from "/vendor/htm.mjs";

export { h, render, Fragment } from "/vendor/preact.mjs";
export { useState, useEffect, useRef, useMemo, useCallback, useId, useLayoutEffect } from "/vendor/hooks.mjs";
export { signal, computed, effect, batch, useSignal, useComputed } from "/vendor/signals.mjs";
export const html = htm.bind(h);

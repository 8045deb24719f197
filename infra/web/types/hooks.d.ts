// The hooks as the web app uses them: what begins as null is any, and an element is read where it has been drawn.
export { useCallback, useEffect, useId, useLayoutEffect, useMemo } from "preact/hooks";

export function useRef(initial: null): { current: any };
export function useRef<T>(initial: T): { current: T };
export function useState(initial: null): [any, (next: any) => void];
export function useState<S>(initial: S | (() => S)): [S, (next: S | ((now: S) => S)) => void];

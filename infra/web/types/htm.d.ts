/** What stands in a template. A function is a handler or a child; what a component takes is not checked there. */
type Value = ((...args: any[]) => any) | object | string | number | bigint | boolean | null | undefined;

declare const htm: {
  bind(h: unknown): (strings: TemplateStringsArray, ...values: Value[]) => import("preact").VNode<any>;
};
export default htm;

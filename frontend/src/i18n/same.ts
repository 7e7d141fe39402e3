/** A catalog with the very keys of the English one. Chinese has one plural form: no `_one`. */
export type Same<T> = {
  [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string
    ? string
    : Same<T[K]>;
};

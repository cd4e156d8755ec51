/**
 * The shape that every other language must have: the same keys as English, each with any text. Only the forms of a
 * plural differ between languages, and Chinese has one: `x_one` is left out, `x_other` stays.
 */
export type LocaleOf<English> = {
  readonly [Key in keyof English as Key extends `${string}_one` ? never : Key]: English[Key] extends string
    ? string
    : LocaleOf<English[Key]>;
};

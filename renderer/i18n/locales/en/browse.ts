/** English texts of the browse feature. */
export const browse = {} as const;

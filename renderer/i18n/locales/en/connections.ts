/** English texts of the connections feature. */
export const connections = { title: 'Connections' } as const;

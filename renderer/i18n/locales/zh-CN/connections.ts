/** Simplified Chinese texts of connections. */
import type { connections as english } from '../en/connections.ts';
import type { LocaleOf } from '../locale-of.ts';

export const connections: LocaleOf<typeof english> = { title: '连接' };

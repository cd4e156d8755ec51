/** The application itself: what it is, a person's settings, and edits that are not saved to a cluster yet. */
import { z } from 'zod';
import { Bytes, ConnectionId, TimeMs, procedure } from './common.ts';

export const AppInfo = z.object({
  version: z.string(),
  shell: z.enum(['electron', 'browser']),
  /** Node's `process.platform`. */
  platform: z.string(),
  dataFolder: z.string(),
  /** Whether passwords outlive this run. */
  secretStore: z.enum(['system', 'memory']),
});
export type AppInfo = z.infer<typeof AppInfo>;

export const Settings = z.object({
  theme: z.enum(['system', 'dark', 'light']),
  language: z.enum(['system', 'en', 'zh-CN']),
  /** Pixels; the renderer's own layout, kept over restarts. */
  treeWidth: z.int().min(160).max(1200),
  dockHeight: z.int().min(0).max(1200),
  isDockOpen: z.boolean(),
  /** Above so many children a person is asked before a node is expanded. */
  childrenAskAbove: z.int().min(100).max(10_000_000),
  lastConnectionId: z.string().nullable(),
  /** Desktop notifications of rules that turn bad and of what the diagnosis finds. */
  notifies: z.boolean(),
});
export type Settings = z.infer<typeof Settings>;

export const SETTINGS_DEFAULTS: Settings = {
  theme: 'system',
  language: 'system',
  treeWidth: 304,
  dockHeight: 132,
  isDockOpen: true,
  childrenAskAbove: 10_000,
  lastConnectionId: null,
  notifies: true,
};

/** An edit of a znode's data that is not saved; it outlives a lost session and a restart. */
export const Draft = z.object({
  connectionId: ConnectionId,
  path: z.string(),
  /** What the edit started from. */
  baseVersion: z.int(),
  baseMzxid: z.string(),
  baseData: Bytes.nullable(),
  data: Bytes,
  editedAtMs: TimeMs,
});
export type Draft = z.infer<typeof Draft>;

export const app = {
  info: procedure.output(AppInfo),
  settings: procedure.output(Settings),
  saveSettings: procedure.input(Settings.partial()).output(Settings),
  drafts: procedure.input(z.object({ connectionId: ConnectionId })).output(z.array(Draft)),
  saveDraft: procedure.input(Draft),
  discardDraft: procedure.input(z.object({ connectionId: ConnectionId, path: z.string() })),
};

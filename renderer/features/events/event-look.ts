/** How a kind of event looks: its icon, its colour class and, for events of the session, its sentence. */
import {
  CircleCheck,
  CircleX,
  GitFork,
  type LucideIcon,
  Minus,
  Pencil,
  Plus,
  PowerOff,
  RotateCw,
  Unplug,
} from 'lucide-react';
import type { EventType } from './event-filter.ts';

export interface EventLook {
  readonly icon: LucideIcon;
  /** A class of event-list.module.css. */
  readonly tone: 'created' | 'deleted' | 'data' | 'children' | 'good' | 'warning' | 'ended';
  /** What it means, for events that have no path: a key of the texts' `session`. */
  readonly sentence?: 'connected' | 'suspended' | 'reconnected' | 'expired' | 'closed';
}

export const EVENT_LOOKS: Readonly<Record<EventType, EventLook>> = {
  NodeCreated: { icon: Plus, tone: 'created' },
  NodeDeleted: { icon: Minus, tone: 'deleted' },
  NodeDataChanged: { icon: Pencil, tone: 'data' },
  NodeChildrenChanged: { icon: GitFork, tone: 'children' },
  SessionConnected: { icon: CircleCheck, tone: 'good', sentence: 'connected' },
  SessionSuspended: { icon: Unplug, tone: 'warning', sentence: 'suspended' },
  SessionReconnected: { icon: RotateCw, tone: 'good', sentence: 'reconnected' },
  SessionExpired: { icon: CircleX, tone: 'ended', sentence: 'expired' },
  SessionClosed: { icon: PowerOff, tone: 'ended', sentence: 'closed' },
};

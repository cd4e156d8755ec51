/**
 * Whether this window may show desktop notifications: Electron's window may, as its shell allows it; a browser asks the person,
 * and only when the person has just clicked something.
 */
import { create } from 'zustand';

interface PermissionState {
  readonly permission: NotificationPermission;
}

/** A browser without notifications is as one that has denied them. */
const read = (): NotificationPermission => ('Notification' in window ? Notification.permission : 'denied');

const usePermissionStore = create<PermissionState>(() => ({ permission: read() }));

export function usePermission(): NotificationPermission {
  return usePermissionStore(({ permission }) => permission);
}

/** Demands that the person has just clicked. Nothing happens where it was decided before. */
export async function askPermission(): Promise<void> {
  if (read() === 'default') await Notification.requestPermission();
  usePermissionStore.setState({ permission: read() });
}

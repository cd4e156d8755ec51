/** Where the window was, as far as that is still on a screen. Pure. */
import { z } from 'zod';

export const WindowState = z.object({
  x: z.int().optional(),
  y: z.int().optional(),
  width: z.int().min(400),
  height: z.int().min(300),
  isMaximized: z.boolean(),
});
export type WindowState = z.infer<typeof WindowState>;

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** As the end-to-end suite and the pictures have it. */
const DEFAULT: WindowState = { width: 1440, height: 900, isMaximized: false };
/** So much of the title bar must be within reach. */
const REACHABLE_PX = 80;

/** The stored state; without a position where no screen shows enough of it, so that the system places the window. */
export function visibleWindowState(
  stored: WindowState | undefined,
  areas: readonly Area[],
): { x?: number; y?: number; width: number; height: number; isMaximized: boolean } {
  const { x, y, width, height, isMaximized } = stored ?? DEFAULT;
  const size = { width, height, isMaximized };
  if (x === undefined || y === undefined) return size;
  const isReachable = areas.some(
    (area) =>
      x + width >= area.x + REACHABLE_PX &&
      x + REACHABLE_PX <= area.x + area.width &&
      y >= area.y &&
      y + REACHABLE_PX <= area.y + area.height,
  );
  return isReachable ? { ...size, x, y } : size;
}

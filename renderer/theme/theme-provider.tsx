/**
 * The theme of the page: dark, light, or as the system says. Puts `data-theme` on the root element, which tokens.css
 * listens to, and tells Mantine the same.
 */
import { MantineProvider } from '@mantine/core';
import { type ReactNode, useLayoutEffect, useSyncExternalStore } from 'react';
import { useSettings } from '../app/settings.ts';
import { cssVariables, theme } from './mantine-theme.ts';
import { styleNonce } from './nonce-shim.ts';

export type ThemeName = 'dark' | 'light';

const prefersLight = window.matchMedia('(prefers-color-scheme: light)');

function subscribe(onChange: () => void): () => void {
  prefersLight.addEventListener('change', onChange);
  return () => {
    prefersLight.removeEventListener('change', onChange);
  };
}

/** The theme on screen now; Monaco and charts take their colours by it. */
export function useThemeName(): ThemeName {
  const setting = useSettings().theme;
  const isSystemLight = useSyncExternalStore(subscribe, () => prefersLight.matches);
  if (setting !== 'system') return setting;
  return isSystemLight ? 'light' : 'dark';
}

export function ThemeProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const name = useThemeName();
  useLayoutEffect(() => {
    document.documentElement.dataset['theme'] = name;
  }, [name]);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      forceColorScheme={name}
      getStyleNonce={styleNonce}
    >
      {children}
    </MantineProvider>
  );
}

/** The start of the page: wire, settings, language, then the first render. The nonce shim must stay the first import. */
import './theme/nonce-shim.ts';
import './api/zod-without-eval.ts';
import './theme/fonts.ts';
import './theme/tokens.css';
import './theme/global.css';
import '@mantine/core/styles.layer.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { assert } from '../shared/assert.ts';
import { api, queryClient } from './api/client.ts';
import { startLink } from './api/link.ts';
import { App } from './app/app.tsx';
import { showLastConnection } from './app/workspace.ts';
import { loadSettings } from './app/settings.ts';
import { resolveLanguage, startLanguage } from './i18n/i18n.ts';
import { SETTINGS_DEFAULTS } from '../shared/api/app.ts';
import { ThemeProvider } from './theme/theme-provider.tsx';

async function start(): Promise<void> {
  startLink();
  // Without a shell there is still a page that says so.
  const settings = await loadSettings().catch(() => SETTINGS_DEFAULTS);
  const profiles = await queryClient.query(api.connections.list.queryOptions()).catch(() => []);
  const last = profiles.find(({ connectionId }) => connectionId === settings.lastConnectionId);
  await startLanguage(resolveLanguage(settings.language, navigator.languages));
  if (last) showLastConnection(last.connectionId);
  const root = document.getElementById('root');
  assert(root !== null, 'the page has a root element');
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <ThemeProvider>
          <App />
        </ThemeProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}

void start();

/**
 * Bundles the window's page into dist/renderer: everything local, nothing inline, so that it runs under the strict
 * content security policy of both hosts. Monaco must stay lazy: the build fails when the first load reaches it.
 */
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type Rolldown } from 'vite';

const root = path.resolve(import.meta.dirname, '..', 'renderer');

// Whoever builds: with another one, as Vitest sets it, React would be its slow build for development.
process.env['NODE_ENV'] = 'production';

/** Fails the build when a chunk that the page loads at once contains code of the editor. */
function editorStaysLazy(): Plugin {
  return {
    name: 'zabra:editor-stays-lazy',
    generateBundle(_options, bundle) {
      const reached = new Set<string>();
      const pending = Object.values(bundle)
        .filter((file): file is Rolldown.OutputChunk => file.type === 'chunk' && file.isEntry)
        .map((chunk) => chunk.fileName);
      for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
        const chunk = bundle[name];
        if (chunk?.type !== 'chunk' || reached.has(name)) continue;
        reached.add(name);
        pending.push(...chunk.imports);
        const module = chunk.moduleIds.find((id) => id.includes('/node_modules/monaco-editor/'));
        if (module !== undefined) {
          this.error(
            `${name} is loaded at start and contains the editor (${module}): import the editor lazily`,
          );
        }
      }
    },
  };
}

export default defineConfig({
  root,
  // Relative, since the Electron shell and the browser host serve the page from different roots.
  base: './',
  plugins: [react(), editorStaysLazy()],
  worker: { format: 'es' },
  build: {
    outDir: path.resolve(root, '..', 'dist', 'renderer'),
    emptyOutDir: true,
    target: 'chrome120',
    // The policy allows no data: fonts or scripts.
    assetsInlineLimit: 0,
    // The lazy editor chunk is over 2 MB by nature.
    chunkSizeWarningLimit: 4096,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // Together, so that zod is configured before any other chunk makes a schema with it.
            { name: 'zod', test: /node_modules\/zod\/|renderer\/api\/zod-without-eval/, priority: 3 },
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\//, priority: 2 },
            { name: 'widgets', test: /node_modules\/@mantine\//, priority: 1 },
          ],
        },
      },
    },
  },
});

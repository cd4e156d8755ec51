/**
 * Bundles the shell for packaging, one mode a run: `--mode main` writes dist/electron/main.js (the shell, ES modules),
 * dist/electron/server.js (one embedded server process), dist/electron/log-worker.js (the thread that reads logs) and dist/electron/ensemble.js (the command `ensemble`, for Node);
 * `--mode preload` writes dist/electron/preload.cjs, which must be one CommonJS file because sandboxed preload scripts
 * cannot load modules.
 */
import path from 'node:path';
import { defineConfig } from 'vite';

const root = path.resolve(import.meta.dirname, '..');

// Electron itself, addons, and packages that look for optional native helpers at run time.
const external = [
  'electron',
  /^@napi-rs\/keyring/,
  'zookeeper',
  'bufferutil',
  'utf-8-validate',
  'cpu-features',
];

export default defineConfig(({ mode }) => {
  const isPreload = mode === 'preload';
  return {
    root,
    publicDir: false,
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: true,
      outDir: 'dist/electron',
      // Two runs share the folder; the main run comes first.
      emptyOutDir: !isPreload,
      target: 'node24',
      minify: false,
      sourcemap: true,
      reportCompressedSize: false,
      rolldownOptions: {
        external,
        input: isPreload
          ? { preload: path.join(root, 'electron/preload.ts') }
          : {
              main: path.join(root, 'electron/main.ts'),
              server: path.join(root, 'embedded-server/main.ts'),
              'log-worker': path.join(root, 'electron/services/logs/log-worker.ts'),
              ensemble: path.join(root, 'embedded-server/launcher/ensemble.ts'),
            },
        output: isPreload
          ? { format: 'cjs', entryFileNames: 'preload.cjs' }
          : { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  };
});

import { defineConfig, type Plugin } from 'vite';

// uPlot's own minified file is a third smaller than what comes out when its
// module is minified here; it only lacks the export.
const UPLOT = 'uplot/dist/uPlot.iife.min.js';

const smallUplot: Plugin = {
  name: 'small-uplot',
  transform: (code, id) => (id.endsWith(UPLOT) ? { code: `${code}\nexport default uPlot;`, map: null } : null),
};

// The C++ program embeds the four files of actors/admin/page by name, and
// serves all but index.html below /assets/: no hashes, no folders.
export default defineConfig({
  base: '/assets/',
  publicDir: 'public',
  plugins: [smallUplot],
  resolve: { alias: [{ find: /^uplot$/, replacement: UPLOT }] },
  build: {
    outDir: '../../actors/admin/page',
    emptyOutDir: true,
    assetsDir: '',
    target: ['chrome123', 'firefox128', 'safari17.5'],
    modulePreload: false,
    cssCodeSplit: false,
    sourcemap: false,
    reportCompressedSize: false,
    rollupOptions: {
      output: {
        entryFileNames: 'app.js',
        assetFileNames: 'app[extname]',
        inlineDynamicImports: true,
      },
    },
  },
});

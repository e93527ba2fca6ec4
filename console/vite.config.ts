import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** The server sends files as they are on disk: they are compressed once, here, and never per request. */
function compressed(): Plugin {
  let assets = ''
  return {
    name: 'compressed',
    configResolved: ({ root, build }) => {
      assets = join(root, build.outDir, build.assetsDir)
    },
    closeBundle: () => {
      for (const name of readdirSync(assets)) {
        if (!/\.(js|css|svg)$/.test(name)) continue
        const bytes = readFileSync(join(assets, name))
        writeFileSync(join(assets, `${name}.br`), brotliCompressSync(bytes))
        writeFileSync(join(assets, `${name}.gz`), gzipSync(bytes, { level: 9 }))
      }
    },
  }
}

export default defineConfig({
  base: '/console/',
  // Replaced by the server in each answer.
  html: { cspNonce: '__CSP_NONCE__' },
  plugins: [react(), compressed()],
  build: {
    assetsInlineLimit: 0,
    target: 'es2023',
    // Lists the files that each screen is made of.
    manifest: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Few files per page, and none that the first screen does not need: each one costs a request.
          groups: [
            { name: 'start', tags: ['$initial'], priority: 1 },
            { name: 'shared', minShareCount: 20 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://localhost:8080', '/console/auth': 'http://localhost:8080' } },
})

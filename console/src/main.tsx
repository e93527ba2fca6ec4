import './app/component-styles.ts'
import './app/app.css'
import { RouterProvider } from '@tanstack/react-router'
import { setNonce } from 'get-nonce'
import { createRoot } from 'react-dom/client'
import { preparePrinting } from './app/printing.ts'
import { Providers } from './app/providers.tsx'
import { router } from './app/router.ts'
import { styleNonce } from './app/style-nonce.ts'

// Dialogs lock the page's scrolling by a style of their own.
setNonce(styleNonce())
preparePrinting()

const root = document.getElementById('root')
if (!root) throw new Error('the page has no root')
createRoot(root).render(
  <Providers>
    <RouterProvider router={router} />
  </Providers>,
)

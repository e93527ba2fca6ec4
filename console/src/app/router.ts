import { createRouter } from '@tanstack/react-router'
import { routes } from './routes.ts'

export const router = createRouter({
  routeTree: routes,
  basepath: '/console',
  // What no screen can read of an address is dropped from it, instead of being handed on as it came.
  search: { strict: true },
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

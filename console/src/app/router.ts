import { createRouter } from '@tanstack/react-router'
import { routes } from './routes.ts'

export const router = createRouter({
  routeTree: routes,
  basepath: '/console',
  // Search parameters that no screen can read are dropped from the address rather than passed on as they came.
  search: { strict: true },
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

import { createRootRoute, createRoute, redirect } from '@tanstack/react-router'
import { reach } from '../api/reach.ts'
import { readListSearch } from '../lists/list-search.ts'
import { readMailSearch } from '../messages/mail-search.ts'
import { Failure } from '../parts/failure.tsx'
import { readAuditSearch } from '../screens/audit/audit-search.ts'
import { readDeliverySearch } from '../screens/deliveries/delivery-search.ts'
import { readInboundSearch } from '../screens/inbound/inbound-search.ts'
import { readSubscriberSearch } from '../screens/subscribers/subscriber-search.ts'
import { readUnverifiedSearch } from '../screens/unverified/unverified-search.ts'
import { keepNextPage, takeNextPage } from '../session/next-page.ts'
import { NotFound } from './not-found.tsx'

/*
 * Every address of the console. Screens are loaded when they are first visited. Filters and the page number are kept in
 * the query string, so that a link shows another person the same; an e-mail address never appears in a path.
 */

let known = false

/** Asked once: a session that ends later is renewed in place. */
async function isSignedOut(): Promise<boolean> {
  if (known) return false
  const { status } = await reach('/api/v1/me')
  known = status !== 401
  return !known
}

/** The search parameters of a paged list. */
const paged = ({ cursor }: Record<string, unknown>): { cursor?: string } =>
  typeof cursor === 'string' ? { cursor } : {}

const root = createRootRoute({ notFoundComponent: NotFound, errorComponent: Failure })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: ({ error }: Record<string, unknown>): { error?: string } =>
    typeof error === 'string' ? { error } : {},
}).lazy(() => import('../session/sign-in.tsx').then(({ Route }) => Route))

const setPassword = createRoute({ getParentRoute: () => root, path: '/set-password' }).lazy(() =>
  import('../session/set-password.tsx').then(({ Route }) => Route),
)

/** Everything that requires a signed-in person. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: async ({ location }) => {
    if (!(await isSignedOut())) return
    keepNextPage(location.href)
    throw redirect({ to: '/sign-in' })
  },
}).lazy(() => import('./frame.tsx').then(({ Route }) => Route))

const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  // The single sign-on returns here.
  beforeLoad: ({ preload }) => {
    const next = preload ? '/' : takeNextPage()
    if (next !== '/') throw redirect({ href: next, replace: true })
  },
}).lazy(() => import('../screens/home/home.tsx').then(({ Route }) => Route))

const account = createRoute({ getParentRoute: () => inside, path: '/account' }).lazy(() =>
  import('../session/account.tsx').then(({ Route }) => Route),
)

const people = createRoute({ getParentRoute: () => inside, path: '/people' }).lazy(() =>
  import('../screens/people/people.tsx').then(({ Route }) => Route),
)

const apiUsers = createRoute({
  getParentRoute: () => inside,
  path: '/api-users',
  validateSearch: paged,
}).lazy(() => import('../screens/api-users/api-users.tsx').then(({ Route }) => Route))

const audit = createRoute({
  getParentRoute: () => inside,
  path: '/audit',
  validateSearch: readAuditSearch,
}).lazy(() => import('../screens/audit/audit.tsx').then(({ Route }) => Route))

/** Screens that belong to no service. */
const nobodysInbound = createRoute({
  getParentRoute: () => inside,
  path: '/nobodys-inbound',
  validateSearch: readInboundSearch,
}).lazy(() => import('../screens/inbound/nobodys-inbound.tsx').then(({ Route }) => Route))

const unverified = createRoute({
  getParentRoute: () => inside,
  path: '/unverified',
  validateSearch: readUnverifiedSearch,
}).lazy(() => import('../screens/unverified/unverified.tsx').then(({ Route }) => Route))

/** A service's screens, by its id. */
const service = createRoute({ getParentRoute: () => inside, path: '/services/$service' }).lazy(() =>
  import('./of-service.tsx').then(({ Route }) => Route),
)

const overview = createRoute({ getParentRoute: () => service, path: '/' }).lazy(() =>
  import('../screens/overview/overview.tsx').then(({ Route }) => Route),
)

const senders = createRoute({ getParentRoute: () => service, path: '/senders', validateSearch: paged }).lazy(
  () => import('../screens/senders/senders.tsx').then(({ Route }) => Route),
)

const filters = createRoute({ getParentRoute: () => service, path: '/filters' }).lazy(() =>
  import('../screens/filters/filters.tsx').then(({ Route }) => Route),
)

const serviceSettings = createRoute({ getParentRoute: () => service, path: '/settings' }).lazy(() =>
  import('../screens/service-settings/service-settings.tsx').then(({ Route }) => Route),
)

const oneClick = createRoute({
  getParentRoute: () => service,
  path: '/one-click',
  validateSearch: readListSearch,
}).lazy(() => import('../screens/one-click/one-click.tsx').then(({ Route }) => Route))

const stopLists = createRoute({
  getParentRoute: () => service,
  path: '/stop-lists',
  validateSearch: readListSearch,
}).lazy(() => import('../screens/stop-lists/stop-lists.tsx').then(({ Route }) => Route))

const serviceList = createRoute({
  getParentRoute: () => service,
  path: '/lists/$list',
  validateSearch: readListSearch,
}).lazy(() => import('../screens/service-lists/service-list.tsx').then(({ Route }) => Route))

const imports = createRoute({ getParentRoute: () => service, path: '/imports', validateSearch: paged }).lazy(
  () => import('../screens/imports/imports.tsx').then(({ Route }) => Route),
)

const subscribers = createRoute({
  getParentRoute: () => service,
  path: '/subscribers',
  validateSearch: readSubscriberSearch,
}).lazy(() => import('../screens/subscribers/subscribers.tsx').then(({ Route }) => Route))

const forms = createRoute({ getParentRoute: () => service, path: '/forms', validateSearch: paged }).lazy(() =>
  import('../screens/forms/forms.tsx').then(({ Route }) => Route),
)

const form = createRoute({ getParentRoute: () => service, path: '/forms/$form' }).lazy(() =>
  import('../screens/forms/one-form.tsx').then(({ Route }) => Route),
)

const deliveries = createRoute({
  getParentRoute: () => service,
  path: '/deliveries',
  validateSearch: readDeliverySearch,
}).lazy(() => import('../screens/deliveries/deliveries.tsx').then(({ Route }) => Route))

const delivery = createRoute({
  getParentRoute: () => service,
  path: '/deliveries/$id',
  validateSearch: readMailSearch,
}).lazy(() => import('../screens/deliveries/delivery.tsx').then(({ Route }) => Route))

const messages = createRoute({
  getParentRoute: () => service,
  path: '/messages',
  validateSearch: readMailSearch,
}).lazy(() => import('../screens/messages/messages.tsx').then(({ Route }) => Route))

const inbound = createRoute({
  getParentRoute: () => service,
  path: '/inbound',
  validateSearch: readInboundSearch,
}).lazy(() => import('../screens/inbound/inbound.tsx').then(({ Route }) => Route))

const address = createRoute({ getParentRoute: () => service, path: '/address' }).lazy(() =>
  import('../screens/address/address.tsx').then(({ Route }) => Route),
)

export const routes = root.addChildren([
  signIn,
  setPassword,
  inside.addChildren([
    home,
    account,
    people,
    apiUsers,
    audit,
    nobodysInbound,
    unverified,
    service.addChildren([
      overview,
      senders,
      filters,
      serviceSettings,
      oneClick,
      stopLists,
      serviceList,
      imports,
      subscribers,
      forms,
      form,
      address,
      deliveries,
      delivery,
      messages,
      inbound,
    ]),
  ]),
])

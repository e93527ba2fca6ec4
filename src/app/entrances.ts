import { setTimeout as sleep } from 'node:timers/promises'
import { findApiUserByName, withoutKey } from '../access/api-user.ts'
import { createAuthenticate } from '../access/authenticate.ts'
import { isControlToken } from '../access/control-file.ts'
import { registerNativeApi } from '../dialects/native/routes.ts'
import { examineInstallation, lookUpTxt } from '../entry/cli/examine-installation.ts'
import type { HttpEntranceParts } from '../entry/http/http-entrance.ts'
import { createNativeParts } from '../entry/http/native-parts.ts'
import { createOperatorParts } from '../entry/http/operator-parts.ts'
import { operatorRoutes } from '../entry/http/operator-routes.ts'
import type { SubmissionParts } from '../entry/smtp/submission.ts'
import { newest } from '../storage/migrate.ts'
import { findServices } from '../tenants/service.ts'
import { createAcceptRequest } from '../unsubscribe/accept-request.ts'
import { clientAddressReader } from '../unsubscribe/client-address.ts'
import { createFindPage } from '../unsubscribe/find-page.ts'
import type { Capabilities } from './capabilities.ts'

/** What the listeners for HTTP need. The control token signs in the operator's commands. */
export function httpParts(capabilities: Capabilities, controlToken: string): HttpEntranceParts {
  const { config, clock, database, log, lookUp, meters, publicParts } = capabilities
  const authenticate = createAuthenticate({ ...capabilities, sleep, onRefused: meters.refused })
  const native = createNativeParts(capabilities, { controlToken, authenticate })
  const operator = createOperatorParts({
    ...capabilities,
    lookUpTxt,
    examine: () => examineInstallation(capabilities),
  })
  return {
    config,
    log,
    health: {
      probe: async () => void (await newest(database)),
      journalPending: () => publicParts.journal.pending,
      registry: meters.registry,
      isOperator: ({ headers }) =>
        isControlToken(controlToken, headers.authorization?.replace('Bearer ', '') ?? ''),
    },
    publicEndpoint: {
      prefix: config.publicUrl.prefix,
      accept: createAcceptRequest(publicParts),
      findPage: createFindPage({ ...publicParts, database, lookUp, clock }),
      clientAddress: clientAddressReader(config.trustedProxies),
      now: clock,
      onOutcome: meters.request,
      onError: (err) => log.error({ err }, 'a public request failed'),
    },
    interfaces: [(app) => registerNativeApi(app, native, (api) => operatorRoutes(api, operator))],
  }
}

/** What the listeners for mail need. */
export function submissionParts(capabilities: Capabilities): SubmissionParts {
  const { database, meters } = capabilities
  return {
    ...capabilities,
    authenticate: createAuthenticate({ ...capabilities, sleep, onRefused: meters.refused }),
    findApiUser: async (name) => {
      const user = await findApiUserByName(database, name)
      return user && withoutKey(user)
    },
    findServices: (siteId) => findServices(database, siteId),
    onOutcome: meters.submission,
  }
}

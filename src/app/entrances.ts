import { findApiUserByName } from '../access/api-user.ts'
import { isControlToken } from '../access/control-file.ts'
import { ARARA_V1_PATHS, answerAraraV1Error, registerAraraV1 } from '../dialects/arara-v1/routes.ts'
import { answerAraraV2Error } from '../dialects/arara-v2/errors.ts'
import { ARARA_V2_PATHS, registerAraraV2 } from '../dialects/arara-v2/routes.ts'
import {
  answerCustomersMailCloudError,
  CUSTOMERS_MAIL_CLOUD_PATHS,
  registerCustomersMailCloud,
} from '../dialects/customers-mail-cloud-v2/routes.ts'
import { answerProblem, registerNativeApi } from '../dialects/native/routes.ts'
import { examineDomain, examineInstallation, lookUpTxt } from '../entry/cli/examine-installation.ts'
import { clientAddressReader } from '../entry/http/client-address.ts'
import { answerConsoleError, registerConsole } from '../entry/http/console/console-routes.ts'
import type { HttpInterface } from '../entry/http/http-app.ts'
import type { HttpEntranceParts } from '../entry/http/http-entrance.ts'
import { createOperatorParts } from '../entry/http/operator/operator-parts.ts'
import { operatorRoutes } from '../entry/http/operator/operator-routes.ts'
import { createAraraV1Parts } from '../entry/http/parts/arara-v1-parts.ts'
import { createAraraV2Parts } from '../entry/http/parts/arara-v2-parts.ts'
import { createCustomersMailCloudParts } from '../entry/http/parts/customers-mail-cloud-parts.ts'
import { createNativeParts } from '../entry/http/parts/native-parts.ts'
import type { InboundEntranceParts } from '../entry/smtp/inbound.ts'
import type { SubmissionParts } from '../entry/smtp/submission.ts'
import { newest } from '../storage/migrate.ts'
import { createKeepConsentText } from '../subscribers/agreements/consent-text.ts'
import { formDirectory } from '../subscribers/forms/form-directory.ts'
import { createRegistrationBounds } from '../subscribers/forms/registration-bounds.ts'
import { findServices } from '../tenants/service.ts'
import { createAcceptRequest } from '../unsubscribe/accept-request.ts'
import { createFindPage } from '../unsubscribe/find-page.ts'
import type { Capabilities } from './capabilities.ts'
import { consoleDirectory } from './console-directory.ts'

/** A vendor's interface holds bodies in memory, of 32 MiB at most. */
const SLOWEST_BODY_MS = 120_000

/**
 * What the listeners for HTTP need. The control token signs in the operator's commands, which call the native interface: with
 * `controlOnly` there is no other.
 */
export function httpParts(
  capabilities: Capabilities,
  controlToken: string,
  { controlOnly = false } = {},
): HttpEntranceParts {
  const {
    authenticate,
    config,
    clock,
    consoleAuth,
    database,
    keyring,
    log,
    lookUp,
    meters,
    pages,
    publicParts,
  } = capabilities
  const clientAddress = clientAddressReader(config.trustedProxies)
  const dns = { lookUpTxt, examineDomain: (domain: string) => examineDomain(config, domain) }
  const native = createNativeParts({ ...capabilities, ...dns }, { controlToken, authenticate, clientAddress })
  const araraV1 = createAraraV1Parts(capabilities, { authenticate, clientAddress })
  const araraV2 = createAraraV2Parts(capabilities, { authenticate, clientAddress })
  const customersMailCloud = createCustomersMailCloudParts(capabilities, { authenticate, clientAddress })
  const operator = createOperatorParts({
    ...capabilities,
    lookUpTxt,
    examine: () => examineInstallation(capabilities),
    native,
  })
  const ownInterface: HttpInterface = {
    paths: ['/api/v1'],
    register: (app) => registerNativeApi(app, native, (api) => operatorRoutes(api, operator)),
    answerError: answerProblem,
  }
  const otherInterfaces: HttpInterface[] = [
    {
      paths: ARARA_V1_PATHS,
      register: (app) => registerAraraV1(app, araraV1),
      slowestBodyMs: SLOWEST_BODY_MS,
      answerError: answerAraraV1Error,
    },
    {
      paths: ARARA_V2_PATHS,
      register: (app) => registerAraraV2(app, araraV2),
      slowestBodyMs: SLOWEST_BODY_MS,
      answerError: answerAraraV2Error,
    },
    {
      paths: CUSTOMERS_MAIL_CLOUD_PATHS,
      register: (app) => registerCustomersMailCloud(app, customersMailCloud),
      slowestBodyMs: SLOWEST_BODY_MS,
      answerError: answerCustomersMailCloudError,
    },
    {
      paths: ['/console'],
      register: (app) =>
        registerConsole(app, { auth: consoleAuth, directory: consoleDirectory(), clientAddress }),
      answerError: answerConsoleError,
    },
  ]
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
      pages,
      clientAddress,
      now: clock,
      onOutcome: meters.request,
      onError: (err) => log.error({ err }, 'a public request failed'),
    },
    joinEndpoint: {
      ...{ database, keyring, clock, clientAddress, pages },
      prefix: config.publicUrl.prefix,
      join: capabilities.join,
      onConfirmed: meters.confirmation,
      onError: (err) => log.error({ err }, 'a confirmation failed'),
    },
    formEndpoint: {
      ...{ database, clock, clientAddress, pages },
      prefix: config.publicUrl.prefix,
      join: capabilities.join,
      askToConfirm: capabilities.askToConfirm,
      count: createRegistrationBounds(clock),
      keepConsentText: createKeepConsentText(database, clock),
      findForm: formDirectory(database),
      onOutcome: meters.form,
      onError: (err) => log.error({ err }, 'a form failed'),
    },
    logoEndpoint: {
      database,
      prefix: config.publicUrl.prefix,
      onError: (err) => log.error({ err }, 'a logo could not be shown'),
    },
    interfaces: controlOnly ? [ownInterface] : [ownInterface, ...otherInterfaces],
  }
}

/** What the listeners for mail need. */
export function submissionParts(capabilities: Capabilities): SubmissionParts {
  const { database, meters } = capabilities
  return {
    ...capabilities,
    findApiUser: (name) => findApiUserByName(database, name),
    findServices: (siteId) => findServices(database, siteId),
    onOutcome: meters.submission,
  }
}

/** What the listener for mail that comes in needs. */
export function inboundParts(capabilities: Capabilities): InboundEntranceParts {
  const { receiveMail, purposeOf } = capabilities.inbound
  return { ...capabilities, receiveMail, purposeOf }
}

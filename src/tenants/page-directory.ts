import type { Language } from '../kernel/texts.ts'
import { createTheme, PLAIN_THEME, type Theme } from '../pages/theme.ts'
import type { Database } from '../storage/database.ts'
import { DatabaseUnavailable } from '../storage/database-errors.ts'
import { LOGO_PATH, type ServiceLogo } from './service-logo.ts'
import { DEFAULT_PAGE, type OwnTexts, type ServicePage } from './service-page.ts'

/** How the public pages of a service look, and what they say in words of its own. */
export interface PublicLook {
  theme: Theme
  /** For readers whose browser asks for neither Japanese nor English. */
  language: Language
  texts: Readonly<Record<Language, OwnTexts>>
}

/** The look of pages that belong to no service. */
export const PLAIN_LOOK: PublicLook = { theme: PLAIN_THEME, language: 'en', texts: { ja: {}, en: {} } }

export interface PageDirectory {
  /**
   * The look of a service, at most 5 seconds old; while the database is away, as it last was. Never rejects: what a
   * page says matters more than how it looks.
   */
  find(serviceId: number): Promise<PublicLook>
  /** What is remembered, without asking the database. */
  remembered(serviceId: number): PublicLook
  /** Where a logo is shown. */
  shown(logo: Pick<ServiceLogo, 'id' | 'width' | 'height'>): NonNullable<Theme['logo']>
  /** Forgets a service's look in this process, after a change. */
  forget(serviceId: number): void
}

interface Remembered {
  look: PublicLook
  until: number
}

const MOST = 10_000
const REMEMBERED_MS = 5_000

interface PageDirectoryParts {
  database: Database
  /** The path of the public URL, '' when it has none. */
  prefix: string
  onError(error: unknown): void
  rememberedMs?: number
}

export function pageDirectory({
  database,
  prefix,
  onError,
  rememberedMs = REMEMBERED_MS,
}: PageDirectoryParts): PageDirectory {
  const known = new Map<number, Remembered>()
  const underWay = new Map<number, Promise<PublicLook>>()
  const shown: PageDirectory['shown'] = ({ id, width, height }) => ({
    path: `${prefix}${LOGO_PATH}${id}`,
    width,
    height,
  })
  const remembered = (serviceId: number) => known.get(serviceId)?.look ?? PLAIN_LOOK
  const read = async (serviceId: number) => {
    try {
      return await readLook(database, serviceId, shown)
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) onError(error)
      return remembered(serviceId)
    }
  }
  /**
   * Calls made meanwhile share one read. After a failure the database is not asked again at once: each attempt may take
   * long.
   */
  const refresh = async (serviceId: number) => {
    const look = await read(serviceId)
    if (known.size >= MOST) known.clear()
    known.set(serviceId, { look, until: performance.now() + rememberedMs })
    return look
  }
  return {
    shown,
    remembered,
    forget: (serviceId) => {
      const entry = known.get(serviceId)
      if (entry) known.set(serviceId, { ...entry, until: 0 })
    },
    find: async (serviceId) => {
      const entry = known.get(serviceId)
      if (entry && performance.now() < entry.until) return entry.look
      const asked = underWay.get(serviceId)
      if (asked) return asked
      const asking = refresh(serviceId).finally(() => underWay.delete(serviceId))
      underWay.set(serviceId, asking)
      return asking
    },
  }
}

async function readLook(
  database: Database,
  serviceId: number,
  shown: PageDirectory['shown'],
): Promise<PublicLook> {
  const [row] = await database.read(
    database.query
      .selectFrom('service')
      .leftJoin('service_logo', 'service_logo.service_id', 'service.id')
      .select(['page_json', 'logo_id', 'width', 'height'])
      .where('service.id', '=', serviceId),
  )
  if (!row) return PLAIN_LOOK
  const { logo_id: id, width, height } = row
  const page = JSON.parse(row.page_json) as Partial<ServicePage>
  return lookOf(
    { ...DEFAULT_PAGE, ...page },
    id === null ? null : shown({ id, width: width ?? 0, height: height ?? 0 }),
  )
}

/** The look that follows from a service's choices. */
export function lookOf(page: ServicePage, logo: Theme['logo']): PublicLook {
  const { name, accent, privacyUrl, language, texts } = page
  const footer = {
    ...(texts.ja.footer !== undefined && { ja: texts.ja.footer }),
    ...(texts.en.footer !== undefined && { en: texts.en.footer }),
  }
  return { theme: createTheme({ name, accent, logo, privacyUrl, footer }), language, texts }
}

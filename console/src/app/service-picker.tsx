import { Select } from '@mantine/core'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { useMe } from '../session/me.ts'
import { useChosenService } from './chosen-service.ts'
import { useFrameTexts } from './texts.ts'

/** Chooses the service that the screens show. A change stays on the same screen but drops its filters. */
export default function ServicePicker() {
  const t = useFrameTexts()
  const { data } = useMe()
  const chosen = useChosenService()
  const navigate = useNavigate()
  const { pathname } = useLocation()
  if (!data) return null
  const siteName = new Map(data.sites.map(({ id, name }) => [id, name]))
  const servicesOf = Object.groupBy(data.services, ({ siteId }) => siteId)
  const option = ({ id, name }: (typeof data.services)[number]) => ({ value: String(id), label: name })
  const choose = (id: string | null) => {
    if (id === null) return
    const moved = pathname.replace(/^\/services\/\d+/, `/services/${id}`)
    void navigate({ href: moved === pathname ? `/services/${id}` : moved })
  }
  return (
    <Select
      aria-label={t('service')}
      placeholder={t('noService')}
      searchable={data.services.length > 8}
      allowDeselect={false}
      w={{ base: 140, xs: 220 }}
      value={chosen ? String(chosen.id) : null}
      onChange={choose}
      title={chosen && `${siteName.get(chosen.siteId)} / ${chosen.name}`}
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
      data={
        data.sites.length > 1
          ? data.sites.map(({ id, name }) => ({ group: name, items: (servicesOf[id] ?? []).map(option) }))
          : data.services.map(option)
      }
    />
  )
}

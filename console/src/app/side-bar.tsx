import { NavLink, Text } from '@mantine/core'
import { Link, useLocation } from '@tanstack/react-router'
import { mayDo, useMe } from '../session/me.ts'
import { useChosenService } from './chosen-service.ts'
import { NAVIGATION, type NavigationItem } from './navigation.ts'
import { useFrameTexts } from './texts.ts'

/** Needed because the side bar is taller than most windows. */
function bringIntoSight(link: HTMLAnchorElement | null): void {
  link?.scrollIntoView({ block: 'nearest' })
}

export function SideBar() {
  const t = useFrameTexts()
  const { data } = useMe()
  const service = useChosenService()
  const { pathname } = useLocation()
  if (!data) return null
  const may = ({ needs, ofSite }: NavigationItem) => (ofSite || service) && mayDo(data, needs)
  const groups = NAVIGATION.map(({ label, items }) => ({ label, items: items.filter(may) }))
  return groups
    .filter(({ items }) => items.length > 0)
    .map(({ label, items }) => (
      <section key={label} aria-label={t(label)}>
        <Text size="xs" fw={600} c="dimmed" px="sm" pt="sm" pb={4}>
          {t(label)}
        </Text>
        {items.map(({ label: name, icon: Icon, screen, ofSite }) => {
          const href = ofSite ? `/${screen}` : `/services/${service?.id}${screen && `/${screen}`}`
          const active = pathname === href || (screen !== '' && pathname.startsWith(`${href}/`))
          return (
            <NavLink
              key={screen}
              component={Link}
              to={href as string}
              activeOptions={{ exact: true, includeSearch: false, includeHash: false }}
              label={t(name)}
              leftSection={<Icon size={18} />}
              py={6}
              active={active}
              ref={active ? bringIntoSight : undefined}
              aria-current={active ? 'page' : undefined}
            />
          )
        })}
      </section>
    ))
}

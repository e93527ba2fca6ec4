import {
  ActionIcon,
  Anchor,
  AppShell,
  Burger,
  Group,
  ScrollArea,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconMoon, IconSun, IconUser } from '@tabler/icons-react'
import { createLazyRoute, Link, Outlet, useLocation } from '@tanstack/react-router'
import { lazy, type MouseEvent, Suspense, useEffect } from 'react'
import { Failure } from '../parts/failure.tsx'
import { LanguageSwitch } from '../parts/language-switch.tsx'
import { useMe } from '../session/me.ts'
import icon from './icon.svg'
import { SideBar } from './side-bar.tsx'
import { useFrameTexts } from './texts.ts'

// Whatever opens over the page is loaded after the first screen.
const AccountMenu = lazy(() => import('./account-menu.tsx'))
const ServicePicker = lazy(() => import('./service-picker.tsx'))

export const Route = createLazyRoute('/inside')({ component: Frame })

/** The frame around every screen of a signed-in person. */
function Frame() {
  const t = useFrameTexts()
  const [opened, { toggle, close }] = useDisclosure()
  const { pathname } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes when a screen was chosen.
  useEffect(close, [pathname])
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="md"
    >
      <Anchor href="#content" className="skip-link" onClick={skipToContent}>
        {t('skip')}
      </Anchor>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="xs">
          <Group wrap="nowrap" gap="xs">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('menu')} />
            <Anchor component={Link} to="/" aria-label={t('home')} lh={0}>
              <img src={icon} alt="" width={28} height={28} />
            </Anchor>
            <Suspense>
              <ServicePicker />
            </Suspense>
          </Group>
          <Group wrap="nowrap" gap="xs">
            <Group visibleFrom="xs">
              <LanguageSwitch />
            </Group>
            <SchemeSwitch />
            <Account />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={t('menu')}>
        <ScrollArea>
          <SideBar />
          <Group hiddenFrom="xs" p="sm">
            <LanguageSwitch />
          </Group>
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Content />
      </AppShell.Main>
    </AppShell>
  )
}

/** Every screen depends on who is signed in: none is shown before that is known. */
function Content() {
  const { data, error, refetch } = useMe()
  if (data) return <Outlet />
  return error && <Failure error={error} reset={() => void refetch()} />
}

/** Does what the link would, without touching the part of the address after the #, which belongs to the screen. */
function skipToContent(event: MouseEvent): void {
  event.preventDefault()
  document.getElementById('content')?.focus()
}

function SchemeSwitch() {
  const t = useFrameTexts()
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme()
  const other = scheme === 'dark' ? 'light' : 'dark'
  return (
    <ActionIcon variant="default" size="lg" onClick={() => setColorScheme(other)} aria-label={t(other)}>
      {scheme === 'dark' ? <IconSun size={18} /> : <IconMoon size={18} />}
    </ActionIcon>
  )
}

/** The button for the account menu, which opens as soon as the menu has loaded. */
function Account() {
  const t = useFrameTexts()
  const [isAskedFor, { open }] = useDisclosure()
  const button = (
    <ActionIcon variant="default" size="lg" onClick={open} aria-label={t('account')}>
      <IconUser size={18} />
    </ActionIcon>
  )
  return (
    <Suspense fallback={button}>
      <AccountMenu isAskedFor={isAskedFor} />
    </Suspense>
  )
}

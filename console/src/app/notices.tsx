import '@mantine/core/styles/Notification.css'
import '@mantine/notifications/styles.css'
import { Notifications } from '@mantine/notifications'
import type { ReactNode } from 'react'

/** Shows the passing notices of the screens. Loaded after the first screen; earlier notices wait for it. */
export default function Notices(): ReactNode {
  return <Notifications position="top-right" />
}

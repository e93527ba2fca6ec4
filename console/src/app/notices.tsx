import '@mantine/core/styles/Notification.css'
import '@mantine/notifications/styles.css'
import { Notifications } from '@mantine/notifications'
import type { ReactNode } from 'react'

/** Shows what screens have to say in passing; loaded behind the first screen, and what was said before waits for it. */
export default function Notices(): ReactNode {
  return <Notifications position="top-right" />
}

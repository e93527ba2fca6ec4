import { createLazyRoute, Navigate } from '@tanstack/react-router'
import { useChosenService } from '../../app/chosen-service.ts'
import { useMe } from '../../session/me.ts'
import { NoService } from './no-service.tsx'

export const Route = createLazyRoute('/inside/')({ component: Home })

/** Goes to the service that was looked at last. */
function Home() {
  const { data } = useMe()
  const service = useChosenService()
  if (!data) return null
  if (!service) return <NoService />
  return <Navigate to="/services/$service" params={{ service: String(service.id) }} replace />
}

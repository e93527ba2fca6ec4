import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { addressFragment } from './address-fragment.ts'

/** A mail address that leads to everything that is known about it. */
export function AddressLink({ service, address }: { service: number; address: string }) {
  return (
    <Anchor
      component={Link}
      to="/services/$service/address"
      params={{ service: String(service) } as never}
      hash={addressFragment(address)}
      inherit
      style={{ overflowWrap: 'anywhere' }}
    >
      {address}
    </Anchor>
  )
}

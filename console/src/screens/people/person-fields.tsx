import '@mantine/core/styles/Pill.css'
import '@mantine/core/styles/PillsInput.css'
import { Checkbox, MultiSelect, Radio, Select, Stack, TextInput } from '@mantine/core'
import { useGrantTexts } from '../../session/grant-texts.ts'
import type { Me } from '../../session/me.ts'
import { type Entry, isOfRole, PERMISSIONS, type Permission, ROLES, type Role } from './grants.ts'
import { usePeopleTexts } from './texts.ts'

interface PersonFieldsProps {
  me: Me
  entry: Entry
  onChange(entry: Entry): void
  /** An existing person keeps their address. */
  isNew: boolean
}

const EVERY_SITE = 'all'

export function PersonFields({ me, entry, onChange, isNew }: PersonFieldsProps) {
  const t = usePeopleTexts()
  const grants = useGrantTexts()
  const { role, permissions, siteId, services } = entry
  const set = (change: Partial<Entry>) => onChange({ ...entry, ...change })
  const ofSite = me.services.filter((service) => siteId === null || service.siteId === siteId)
  return (
    <Stack>
      {isNew && (
        <TextInput
          label={t('email')}
          type="email"
          required
          data-autofocus
          value={entry.email}
          onChange={(event) => set({ email: event.currentTarget.value })}
        />
      )}
      <TextInput
        label={t('name')}
        required
        maxLength={100}
        value={entry.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <Radio.Group label={t('role')} value={role} onChange={(value) => set({ role: value as Role })}>
        <Stack gap="xs" mt="xs">
          {ROLES.map((value) => (
            <Radio
              key={value}
              value={value}
              label={grants(`role_${value}`)}
              description={t(`roleWhy_${value}`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Checkbox.Group
        label={t('permissions')}
        description={t('permissionsWhy')}
        value={PERMISSIONS.filter((value) => isOfRole(role, value) || permissions.includes(value))}
        // A permission that comes with the role is not stored as a grant: it must not stay behind when the role
        // changes.
        onChange={(values) =>
          set({ permissions: (values as Permission[]).filter((value) => !isOfRole(role, value)) })
        }
      >
        <Stack gap="xs" mt="xs">
          {PERMISSIONS.map((value) => (
            <Checkbox
              key={value}
              value={value}
              label={grants(`permission_${value}`)}
              description={value === 'error-count-reset' && t('errorCountResetWhy')}
              disabled={isOfRole(role, value)}
            />
          ))}
        </Stack>
      </Checkbox.Group>
      {me.person.siteId === null && (
        <Select
          label={t('site')}
          allowDeselect={false}
          value={siteId === null ? EVERY_SITE : String(siteId)}
          onChange={(value) => set({ siteId: value === EVERY_SITE ? null : Number(value), services: [] })}
          data={[
            { value: EVERY_SITE, label: t('allSites') },
            ...me.sites.map(({ id, name }) => ({ value: String(id), label: name })),
          ]}
        />
      )}
      <MultiSelect
        label={t('services')}
        description={t('servicesWhy')}
        searchable
        data={[...new Set([...ofSite.map(({ name }) => name), ...services])]}
        value={services}
        onChange={(value) => set({ services: value })}
      />
    </Stack>
  )
}

import '@mantine/core/styles/Pill.css'
import '@mantine/core/styles/PillsInput.css'
import { Checkbox, MultiSelect, Radio, Select, Stack, TextInput } from '@mantine/core'
import { PasswordInput } from '../../parts/password-input.tsx'
import { ZoneSelect } from '../../parts/zone-select.tsx'
import type { Me } from '../../session/me.ts'
import { type Entry, PERMISSIONS, type Permission, ROLES, type Role } from './grants.ts'
import { useApiUserTexts } from './texts.ts'

interface ApiUserFieldsProps {
  me: Me
  entry: Entry
  onChange(entry: Entry): void
  /** An existing user keeps its name, its site and its key. */
  isNew: boolean
}

export function ApiUserFields({ me, entry, onChange, isNew }: ApiUserFieldsProps) {
  const t = useApiUserTexts()
  const { siteId, role, permissions, services, timeZone, key } = entry
  const set = (change: Partial<Entry>) => onChange({ ...entry, ...change })
  const ofSite = me.services.filter((service) => service.siteId === siteId)
  return (
    <Stack>
      {isNew && (
        <TextInput
          label={t('name')}
          description={t('nameWhy')}
          required
          data-autofocus
          maxLength={254}
          autoComplete="off"
          value={entry.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
      )}
      {isNew && me.sites.length > 1 && (
        <Select
          label={t('site')}
          allowDeselect={false}
          value={String(siteId)}
          onChange={(value) => set({ siteId: Number(value), services: [] })}
          data={me.sites.map(({ id, name }) => ({ value: String(id), label: name }))}
        />
      )}
      <Radio.Group label={t('role')} value={role} onChange={(value) => set({ role: value as Role })}>
        <Stack gap="xs" mt="xs">
          {ROLES.map((value) => (
            <Radio key={value} value={value} label={t(`role_${value}`)} description={t(`roleWhy_${value}`)} />
          ))}
        </Stack>
      </Radio.Group>
      {role === 'user' && (
        <Checkbox.Group
          label={t('permissions')}
          value={permissions}
          onChange={(values) => set({ permissions: values as Permission[] })}
        >
          <Stack gap="xs" mt="xs">
            {PERMISSIONS.map((value) => (
              <Checkbox
                key={value}
                value={value}
                label={t(`permission_${value}`)}
                description={t(`permissionWhy_${value}`)}
              />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
      <MultiSelect
        label={t('services')}
        description={t('servicesWhy')}
        searchable
        data={[...new Set([...ofSite.map(({ name }) => name), ...services])]}
        value={services}
        onChange={(value) => set({ services: value })}
      />
      <ZoneSelect
        label={t('timeZone')}
        description={t('timeZoneWhy')}
        placeholder={t('timeZoneOfService')}
        clearable
        clearButtonProps={{ 'aria-label': t('timeZoneOfService') }}
        value={timeZone}
        onChange={(value) => set({ timeZone: value })}
      />
      {isNew && (
        <>
          <Radio.Group
            label={t('key')}
            value={key === undefined ? 'made' : 'own'}
            onChange={(value) => set({ key: value === 'own' ? '' : undefined })}
          >
            <Stack gap="xs" mt="xs">
              <Radio value="made" label={t('keyMade')} />
              <Radio value="own" label={t('keyOwn')} />
            </Stack>
          </Radio.Group>
          {key !== undefined && (
            <PasswordInput
              label={t('ownKey')}
              required
              minLength={8}
              maxLength={254}
              autoComplete="off"
              value={key}
              onChange={(event) => set({ key: event.currentTarget.value })}
            />
          )}
        </>
      )}
    </Stack>
  )
}

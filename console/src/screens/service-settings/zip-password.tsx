import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api } from '../../api/client.ts'
import { useFieldErrors } from '../../editing/use-field-errors.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import { PasswordInput } from '../../parts/password-input.tsx'
import { nameOfField } from '../../refusals/field-names.ts'
import { useLanguage } from '../../texts/i18n.ts'
import type { ServiceView } from './settings-draft.ts'
import { useSettingTexts } from './texts.ts'

/** The password of the service's ZIP files: it can be set and removed, but never seen. */
export function ZipPassword({ service, mayEdit }: { service: ServiceView; mayEdit: boolean }) {
  const t = useSettingTexts()
  const [opened, setOpened] = useState<'set' | 'remove'>()
  const { hasExportPassword } = service
  const close = () => setOpened(undefined)
  return (
    <Stack gap="xs" align="flex-start">
      <Badge variant="light" color={hasExportPassword ? 'teal' : 'gray'}>
        {t(hasExportPassword ? 'passwordIsSet' : 'passwordIsNone')}
      </Badge>
      {mayEdit && (
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={() => setOpened('set')}>
            {t(hasExportPassword ? 'passwordChange' : 'passwordSet')}
          </Button>
          {hasExportPassword && (
            <Button size="xs" variant="default" onClick={() => setOpened('remove')}>
              {t('passwordRemove')}
            </Button>
          )}
        </Group>
      )}
      {opened && <PasswordDialog service={service.id} what={opened} onClose={close} />}
    </Stack>
  )
}

function PasswordDialog({
  service,
  what,
  onClose,
}: {
  service: number
  what: 'set' | 'remove'
  onClose(): void
}) {
  const t = useSettingTexts()
  const [language] = useLanguage()
  const queries = useQueryClient()
  const [password, setPassword] = useState('')
  const saving = useMutation({
    mutationFn: () =>
      api.PATCH('/api/v1/services/{service}', {
        params: { path: { service } },
        body: { exportPassword: what === 'set' ? password : null },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['service', service] })
      notifications.show({ color: 'teal', message: t(what === 'set' ? 'passwordDone' : 'passwordGone') })
      onClose()
    },
  })
  const errorOf = useFieldErrors(saving.error)
  const go = (event: FormEvent) => {
    event.preventDefault()
    // React passes the event on to the settings form, which is the dialog's parent although it is not shown there.
    event.stopPropagation()
    saving.mutate()
  }
  return (
    <Dialog opened onClose={onClose} title={t(what === 'set' ? 'passwordSet' : 'passwordRemove')}>
      <form onSubmit={go}>
        <Stack>
          {saving.error && !errorOf('exportPassword') && <Failure error={saving.error} />}
          <Text size="sm">{t(what === 'set' ? 'passwordSetWhy' : 'passwordRemoveWhy')}</Text>
          {what === 'set' && (
            <PasswordInput
              label={nameOfField('exportPassword', language)}
              description={t('passwordRules')}
              autoComplete="new-password"
              required
              data-autofocus
              maxLength={100}
              error={errorOf('exportPassword')}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={saving.isPending} {...(what === 'remove' && { color: 'red' })}>
              {t(what === 'set' ? 'passwordSet' : 'passwordRemove')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

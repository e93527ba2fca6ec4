import { Alert, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { typedAddress } from '../../parts/typed-address.ts'
import { NO_FIELDS, toData } from './subscriber-data.ts'
import { SubscriberFieldInputs } from './subscriber-fields.tsx'
import { useSubscriberTexts } from './texts.ts'

interface RegisterSubscriberProps {
  service: number
  opened: boolean
  onClose(): void
}

/** 新規登録 of seed 000: makes mail reach the person again, and says so beforehand. */
export function RegisterSubscriber({ service, opened, onClose }: RegisterSubscriberProps) {
  const t = useSubscriberTexts()
  const queries = useQueryClient()
  const [typed, setTyped] = useState('')
  const address = typedAddress(typed)
  const [fields, setFields] = useState(NO_FIELDS)
  const registration = useMutation({
    mutationFn: () => {
      // For a known person, fields left empty stay as they are.
      const { userIds, attributes } = toData(fields)
      return bodyOf(
        api.POST('/api/v1/services/{service}/subscribers', {
          params: { path: { service } },
          body: {
            address,
            ...(userIds.length > 0 && { userIds }),
            ...(Object.keys(attributes).length > 0 && { attributes }),
          },
        }),
      )
    },
    onSuccess: async ({ lifted }) => {
      notifications.show({ color: 'teal', message: t('registered', { address, lifted }) })
      await queries.invalidateQueries({ queryKey: ['subscribers', service] })
      await queries.invalidateQueries({ queryKey: ['suppressions', service] })
      close()
    },
  })
  const close = () => {
    setTyped('')
    setFields(NO_FIELDS)
    registration.reset()
    onClose()
  }
  return (
    <FormDialog
      title={t('register')}
      size="lg"
      opened={opened}
      onClose={close}
      submit={t('submit')}
      carryOut={registration}
    >
      <TextInput
        label={t('address')}
        required
        data-autofocus
        inputMode="email"
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <SubscriberFieldInputs fields={fields} onChange={setFields} />
      <Alert color="yellow" title={t('lifts')}>
        {t('liftsWhy')}
      </Alert>
    </FormDialog>
  )
}

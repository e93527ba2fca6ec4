import '@mantine/core/styles/NumberInput.css'
import { Button, Group, NumberInput, Radio, Stack, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { api, bodyOf } from '../../api/client.ts'
import { Refusal } from '../../api/refusal.ts'
import { ChangedMeanwhile } from '../../editing/changed-meanwhile.tsx'
import { type Saved, useEditing } from '../../editing/use-editing.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Failure } from '../../parts/failure.tsx'
import { PasswordInput } from '../../parts/password-input.tsx'
import { describeMistake } from '../../refusals/describe-refusal.ts'
import { useLanguage } from '../../texts/i18n.ts'
import { fieldAbout, type RelayDraft, readRelay, savedRelay, USUAL_PORT, urlOf } from './relay-draft.ts'
import { useRelayTexts } from './relay-texts.ts'
import { TrialResult, TryButton, useRelayTrial } from './relay-trial.tsx'

interface RelayDialogProps {
  service: number
  loaded: Saved<RelayDraft>
  onClose(): void
}

/**
 * Sets the relay as a whole, including its password; it can be tried as often as needed before. To be mounted while it
 * is open.
 */
export function RelayDialog({ service, loaded, onClose }: RelayDialogProps) {
  const t = useRelayTexts()
  const queries = useQueryClient()
  const trying = useRelayTrial(service)
  const editing = useEditing<RelayDraft>({
    loaded,
    read: async () => savedRelay(await readRelay(service)),
    save: async (_, { values, revision }) =>
      savedRelay(
        await bodyOf(
          api.PUT('/api/v1/services/{service}/relay', {
            params: { path: { service } },
            body: { url: urlOf(values), revision },
          }),
        ),
      ),
    onSaved: async () => {
      notifications.show({ color: 'teal', message: t('done') })
      await queries.invalidateQueries({ queryKey: ['relay', service] })
      onClose()
    },
  })
  const { values, set, conflict } = editing
  const { port, security, user } = values
  const failure = editing.error ?? trying.error
  const errorOf = useRelayErrors(failure)
  const change = (changed: Partial<RelayDraft>) => {
    trying.reset()
    set(changed)
  }
  const go = (event: FormEvent) => {
    event.preventDefault()
    // React passes the event on to the settings form, which is the dialog's parent although it is not shown there.
    event.stopPropagation()
    trying.reset()
    editing.save()
  }
  const text = (field: 'host' | 'user') => ({
    value: values[field],
    error: errorOf?.(field),
    maxLength: 300,
    autoComplete: 'off',
    onChange: (event: { currentTarget: { value: string } }) => change({ [field]: event.currentTarget.value }),
  })
  return (
    <Dialog opened onClose={onClose} title={t(loaded.values.host === '' ? 'set' : 'replace')} size="lg">
      <form onSubmit={go} noValidate>
        <Stack>
          {failure && !errorOf && <Failure error={failure} />}
          {conflict && (
            <ChangedMeanwhile
              conflict={conflict}
              describe={(key, value) => ({
                name: t(key),
                value: key === 'security' ? t(value as RelayDraft['security']) : String(value),
              })}
            />
          )}
          <TextInput label={t('host')} required data-autofocus {...text('host')} />
          <Radio.Group
            label={t('security')}
            value={security}
            onChange={(chosen) => change({ security: chosen as RelayDraft['security'] })}
          >
            <Stack gap="xs" mt="xs">
              <Radio value="starttls" label={t('starttls')} description={t('starttlsWhy')} />
              <Radio value="tls" label={t('tls')} description={t('tlsWhy')} />
            </Stack>
          </Radio.Group>
          <NumberInput
            label={t('port')}
            description={t('portWhy', { port: USUAL_PORT[security] })}
            error={errorOf?.('port')}
            allowDecimal={false}
            allowNegative={false}
            clampBehavior="none"
            hideControls
            maw={160}
            value={port}
            onChange={(value) => change({ port: value === '' ? '' : Number(value) })}
          />
          <TextInput label={t('user')} description={t('userWhy')} {...text('user')} />
          <PasswordInput
            label={t('password')}
            description={t('passwordWhy')}
            error={errorOf?.('password')}
            autoComplete="new-password"
            maxLength={500}
            value={values.password}
            onChange={(event) => change({ password: event.currentTarget.value })}
          />
          <TrialResult trying={trying} hasUser={user !== ''} />
          <Group justify="space-between">
            <TryButton trying={trying} url={() => urlOf(values)} />
            <Group>
              <Button variant="default" onClick={onClose}>
                {t('cancel')}
              </Button>
              <Button type="submit" loading={editing.isSaving} disabled={conflict !== undefined}>
                {t('save')}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

/** The server's objection to the URL, for the field that it is about; undefined for any other objection. */
function useRelayErrors(error: Error | null): ((field: keyof RelayDraft) => string | undefined) | undefined {
  const [language] = useLanguage()
  const mistakes = error instanceof Refusal ? error.mistakes.filter(({ field }) => field === 'url') : []
  if (mistakes.length === 0) return undefined
  return (field) => {
    const mistake = mistakes.find(({ detail }) => fieldAbout(detail) === field)
    return mistake && describeMistake(mistake, language)
  }
}
